package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.assignment.RelayPlace;

/// Files with pools: what each relay inherits, and where the assignment puts it.
class PooledFleetTest {
    private static final Path EXAMPLES = Path.of("..", "config");
    private static final String POOL = "pools.main.ipv4 = \"198.51.100.0/28\"\n";
    private static final String GROUP = "groups.exits { count = 2, nickname = \"exit{n}\", or-port = 443 }\n";

    @TempDir
    Path directory;

    /// Fleet, group, host, relay: the last that says something counts, key by key also within a section.
    @Test
    void theNearestSectionDecides() throws Exception {
        FleetReading reading = read("""
                fleet.defaults { contact = fleet, or-port = 443, bandwidth { rate = 1 MiB, burst = 2 MiB }, ipv6-exit = true }
                pools { a.ipv4 = "198.51.100.0/29", b.ipv4 = "203.0.113.0/29" }
                hosts { alpha { pools = a }, beta { pools = b, bandwidth.burst = 8 MiB, ipv6-exit = false } }
                groups.exits {
                  count = 3, nickname = "exit{n}", bandwidth.burst = 4 MiB
                  relays."3" { contact = third }
                }
                """);
        InstanceSpec first = reading.spec().relays().getFirst();
        assertThat(first.id()).isEqualTo("exits-1");
        assertThat(first.nickname()).isEqualTo("exit1");
        assertThat(first.orAddresses()).containsExactly(RelayAddress.parseIp("198.51.100.1", 443));
        assertThat(first.outboundExit()).extracting("hostAddress").containsExactly("198.51.100.1");
        assertThat(first.outboundOr()).extracting("hostAddress").containsExactly("198.51.100.1");
        assertThat(first.contact()).isEqualTo("fleet");
        assertThat(first.exit().ipv6()).isTrue();
        assertThat(first.bandwidth().all().burstBytes()).isEqualTo(4 << 20);

        InstanceSpec second = reading.spec().relays().get(1);
        assertThat(second.orAddresses().getFirst().host()).isEqualTo("203.0.113.1");
        assertThat(second.exit().ipv6()).isFalse();
        assertThat(second.bandwidth().all().bytesPerSecond()).isEqualTo(1 << 20);
        assertThat(second.bandwidth().all().burstBytes()).isEqualTo(8 << 20);
        assertThat(reading.spec().relays().get(2).contact()).isEqualTo("third");
        assertThat(reading.effective().get(2).settings())
                .contains(new EffectiveRelay.Setting("contact", "\"third\"", file() + ":7", ""));
        assertThat(reading.fleet().orElseThrow().relaysOfHosts()).hasToString("{alpha=2, beta=1}");
    }

    @Test
    void theLockKeepsPlacesAndLimit() throws Exception {
        Files.writeString(directory.resolve("sallyport.conf.lock"), """
                sallyport-lock 1
                relays-per-address 3
                relay exits-1 group=exits number=1 host=default nickname=exit1 address=198.51.100.9 port=443
                """);
        PooledFleet fleet = read(POOL + GROUP).fleet().orElseThrow();
        assertThat(fleet.lock().relaysPerAddress()).isEqualTo(3);
        assertThat(fleet.lock().places())
                .extracting(place -> place.addresses().ipv4())
                .containsExactly("198.51.100.9", "198.51.100.1");
        assertThat(fleet.before().places()).hasSize(1);
    }

    /// The relays of other hosts are of the family as soon as their keys are known.
    @Test
    void aBatchIsATenthOfTheHostsRelaysUnlessTheFileSaysOtherwise() throws Exception {
        ApplySpec tenth = read(POOL + GROUP).spec().run().apply();
        assertThat(tenth).isEqualTo(ApplySpec.DEFAULT);
        assertThat(List.of(tenth.batchOf(1), tenth.batchOf(40), tenth.batchOf(41), tenth.batchOf(250)))
                .containsExactly(1, 4, 5, 25);
        String said = "fleet.apply { batch = 16, batch-limit = 1 m, drain-within = 0 s }\n";
        ApplySpec own = read(said + POOL + GROUP).spec().run().apply();
        assertThat(own).isEqualTo(new ApplySpec(16, false, Duration.ofMinutes(1), Duration.ZERO));
        assertThat(own.batchOf(250)).isEqualTo(16);
        assertThat(read("fleet.apply.batch = 50%\n" + POOL + GROUP)
                        .spec()
                        .run()
                        .apply()
                        .batchOf(5))
                .isEqualTo(3);
    }

    @Test
    void theFamilySpansTheHosts() throws Exception {
        String fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567";
        Files.writeString(directory.resolve("sallyport.conf.lock"), """
                sallyport-lock 1
                relay exits-1 group=exits number=1 host=alpha nickname=exit1 address=198.51.100.1 port=443 fingerprint=%s
                """.formatted(fingerprint));
        String text = "pools { a.ipv4 = 198.51.100.0/29, b.ipv4 = 203.0.113.0/29 }\n"
                + "hosts { alpha { pools = a }, beta { pools = b } }\n" + GROUP;
        PooledFleet fleet = read(text).fleet().orElseThrow();
        assertThat(fleet.specs().get("beta").relays().getFirst().family().others())
                .containsExactly(fingerprint);
        assertThat(fleet.specs().get("alpha").relays().getFirst().family().others())
                .isEmpty();
    }

    @Test
    void theHostIsTheOneThatIsSaidOrNamedAsTheMachine() throws Exception {
        String text = "pools { a.ipv4 = 198.51.100.0/29, b.ipv4 = 203.0.113.0/29 }\n"
                + "hosts { alpha { pools = a }, beta { pools = b } }\n" + GROUP;
        assertThat(hostOf(text, new HostChoice("beta", "alpha", true))).isEqualTo("beta");
        assertThat(hostOf(text, new HostChoice("", "alpha.example.org", true))).isEqualTo("alpha");
        assertThat(hostOf(POOL + GROUP, new HostChoice("", "gamma", true))).isEqualTo("default");
        assertThatThrownBy(() -> hostOf(text, new HostChoice("", "gamma", true)))
                .hasMessageContaining("has no host with the name of this machine, \"gamma\"")
                .hasMessageContaining("--host: alpha, beta");
        assertThatThrownBy(() -> hostOf(text, new HostChoice("bete", "", true)))
                .hasMessageContaining("did you mean beta?");
    }

    /// The authorities' own limit, as soon as it is known; the operator's word above it.
    @Test
    void theLimitIsThatOfTheConsensus() throws Exception {
        Path consensus = directory.resolve("data/directory/cached-microdesc-consensus");
        Files.createDirectories(consensus.getParent());
        Files.writeString(
                consensus,
                "network-status-version 3 microdesc\nparams AuthDirMaxServersPerAddr=4 CircuitPriorityHalflifeMsec=30000\n");
        assertThat(limitOf("")).isEqualTo(4);
        assertThat(limitOf("fleet.relays-per-address = 2\n")).isEqualTo(2);
        Files.writeString(consensus, "params CircuitPriorityHalflifeMsec=30000\n");
        assertThat(limitOf("")).isEqualTo(8);
    }

    /// A name server on an address of the pool would otherwise be a neighbour of exits.
    @Test
    void nameServersKeepTheirAddresses() throws Exception {
        PooledFleet fleet =
                read("resolver = \"198.51.100.1:53\"\n" + POOL + GROUP).fleet().orElseThrow();
        assertThat(fleet.lock().places())
                .extracting(place -> place.addresses().ipv4())
                .containsExactly("198.51.100.2", "198.51.100.3");
    }

    /// A relay that exists keeps its keys and its place when it becomes one of a group.
    @Test
    void aRelayMayHaveAnIdAndAPlaceOfItsOwn() throws Exception {
        FleetReading reading = read(POOL + GROUP
                + "groups.exits.relays.\"2\" { id = old, address = 192.0.2.7, or-port = 9001, nickname = former }\n");
        InstanceSpec second = reading.spec().relays().get(1);
        assertThat(second.id()).isEqualTo("old");
        assertThat(second.nickname()).isEqualTo("former");
        assertThat(second.orAddresses()).containsExactly(RelayAddress.parseIp("192.0.2.7", 9001));
    }

    @Test
    void theExamplesGiveEveryRelayItsPlace() throws Exception {
        assertThat(example("fleet-3.conf").lock().places())
                .extracting(place -> place.addresses() + " " + place.port())
                .containsExactly("198.51.100.3 443", "198.51.100.4 443", "198.51.100.5 443");

        List<RelayPlace> forty = example("fleet-40.conf").lock().places();
        assertThat(forty).hasSize(40);
        assertThat(forty).extracting(place -> place.exit().ipv4()).doesNotHaveDuplicates();
        assertThat(forty)
                .extracting(place -> place.addresses().ipv4())
                .doesNotContainAnyElementsOf(
                        forty.stream().map(place -> place.exit().ipv4()).toList());

        PooledFleet many = example("fleet-250.conf");
        assertThat(many.lock().places())
                .hasSize(250)
                .extracting(RelayPlace::addresses)
                .hasSizeGreaterThan(120);
        assertThat(example("fleet-mixed.conf").lock().places()).hasSize(10);
        assertThat(example("fleet-dual-stack.conf").lock().places())
                .first()
                .satisfies(place -> assertThat(place.addresses()).hasToString("198.51.100.3,2001:db8:0:1::3"));
        assertThat(example("fleet-hosts.conf").relaysOfHosts()).hasToString("{alpha=8, beta=8, gamma=10}");
    }

    private static PooledFleet example(String name) throws Exception {
        return new ConfigReader(_ -> null)
                .read(EXAMPLES.resolve(name), HostChoice.ANY)
                .fleet()
                .orElseThrow();
    }

    private int limitOf(String more) throws Exception {
        return read(more + POOL + GROUP).fleet().orElseThrow().lock().relaysPerAddress();
    }

    private String hostOf(String text, HostChoice choice) throws Exception {
        return new ConfigReader()
                .read(write(text), choice)
                .fleet()
                .orElseThrow()
                .host();
    }

    private FleetReading read(String text) throws Exception {
        return new ConfigReader().read(write(text), HostChoice.ANY);
    }

    private Path write(String text) throws Exception {
        return Files.writeString(file(), "data-directory = \"" + directory + "/data\"\n" + text);
    }

    private Path file() {
        return directory.resolve("sallyport.conf");
    }
}
