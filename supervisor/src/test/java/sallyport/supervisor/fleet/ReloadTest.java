package sallyport.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static sallyport.supervisor.fleet.Fixtures.authority;
import static sallyport.supervisor.fleet.Fixtures.relay;
import static sallyport.supervisor.fleet.Fixtures.status;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.directory.Authority;
import sallyport.engine.host.HijackDetection;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.ResolverSpec;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.identity.KeyLifetimes;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.Sharing;
import sallyport.engine.limits.Shedding;
import sallyport.supervisor.config.ApplySpec;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.RunSpec;

class ReloadTest {
    private static final InstanceSpec A = relay("a", 9001, "ops", "accept *:*");
    private static final InstanceSpec B = relay("b", 9002, "ops", "accept *:*");

    @Test
    void anEqualFileChangesNothing() throws Exception {
        assertThat(Reload.between(fleet(A, B), fleet(A, B))).isEmpty();
    }

    /// A relay that leaves may hold the address that a new one wants.
    @Test
    void whatLeavesGoesBeforeWhatComes() throws Exception {
        assertThat(Reload.between(fleet(A), fleet(B))).containsExactly(new Change.Remove(A), new Change.Add(B));
    }

    @Test
    void policyAndContactChangeWhileTheRelayRuns() throws Exception {
        InstanceSpec changed = relay("a", 9001, "new", "reject *:*");
        assertThat(Reload.between(fleet(A), fleet(changed)))
                .containsExactly(new Change.Update(changed, List.of("exit-policy", "contact")));
    }

    /// A relay moves while it runs: it listens at the new place, and links that are open stay.
    @Test
    void anotherPortAndAnotherFamilyNeedNoRestart() throws Exception {
        InstanceSpec wanted =
                relay("a", 9009, "new", "accept *:*").ofFamily(new FamilySpec(true, List.of(), List.of()));
        assertThat(Reload.between(fleet(A), fleet(wanted)))
                .containsExactly(new Change.Update(wanted, List.of("contact", "or-port", "family")));
    }

    @Test
    void theSourceOfLinksWaitsForARestart() throws Exception {
        InstanceSpec wanted = new InstanceSpec(
                "a",
                "a",
                A.orAddresses(),
                A.listening(),
                List.of(InetAddress.getLoopbackAddress()),
                List.of(InetAddress.getLoopbackAddress()),
                A.exit(),
                true,
                "ops",
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                PublishingSpec.ORDINARY);
        List<Change> changes = Reload.between(fleet(A), fleet(wanted));
        assertThat(changes).hasSize(2).last().isEqualTo(new Change.Restart("a", List.of("outbound-bind-address-or")));
        assertThat(((Change.Update) changes.getFirst()).spec().outboundOr()).isEmpty();
        assertThat(((Change.Update) changes.getFirst()).keys()).containsExactly("outbound-bind-address-exit");
    }

    @Test
    void whatBelongsToTheProcessWaitsForARestart() throws Exception {
        FleetSpec running = fleet(A);
        FleetSpec wanted = new FleetSpec(
                Path.of("/elsewhere"),
                new NetworkSpec(
                        true,
                        List.of(authority("127.0.0.1:7009")),
                        List.of(Authority.parseFallback(
                                "127.0.0.1 orport=7001 id=89ABCDEF0123456789ABCDEF0123456789ABCDEF"))),
                new ProcessSpec(
                        64 << 20, 64 << 20, ResolverSpec.SYSTEM, Map.of(), HouseRules.DEFAULT, Sharing.DEFAULT, 4),
                RunSpec.DEFAULT,
                List.of(A));
        assertThat(Reload.between(running, wanted))
                .containsExactly(new Change.Restart(
                        "",
                        List.of(
                                "data-directory",
                                "network.authorities",
                                "network.fallbacks",
                                "process.memory-in-queues-max",
                                "process.directory-cache-max",
                                "process.starts-at-once")));
    }

    @Test
    void whatAllRelaysShareIsReplacedAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        Fleet fleet = new Fleet(fleet(A), recorder, (level, _, text) -> recorder.add(level + ": " + text));
        FleetSpec running = fleet(A);
        FleetSpec wanted = new FleetSpec(
                running.dataDirectory(),
                running.network(),
                new ProcessSpec(
                        64 << 20,
                        ProcessSpec.DEFAULT.directoryCacheMaxBytes(),
                        new ResolverSpec(
                                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53)),
                                false,
                                new HijackDetection(true, List.of("www.example.org"))),
                        Map.of("refuseunknownexits", 1),
                        new HouseRules(new KeyLifetimes(Duration.ofDays(3), Duration.ofDays(4))),
                        new Sharing(new Rate(1 << 20, 1 << 20), Shedding.DEFAULT.reversed()),
                        ProcessSpec.STARTS_AT_ONCE),
                new RunSpec(Duration.ofSeconds(3), Duration.ofHours(1), Optional.empty(), ApplySpec.DEFAULT),
                running.relays());
        fleet.start();
        fleet.reload(wanted);
        assertThat(recorder.drain())
                .containsExactly(
                        "start a",
                        "WARN: reload: process.memory-in-queues-max waits for a restart of the process; the old value stays",
                        "INFO: reload: resolver took effect",
                        "INFO: reload: resolver-randomize-case took effect",
                        "INFO: reload: resolver-detect-hijacking took effect",
                        "INFO: reload: resolver-test-names took effect",
                        "INFO: reload: process.signing-key-lifetime took effect",
                        "INFO: reload: process.link-certificate-lifetime took effect",
                        "INFO: reload: process.bandwidth took effect",
                        "INFO: reload: process.shedding took effect",
                        "INFO: reload: process.refuse-unknown-exits took effect",
                        "INFO: reload: process.shutdown-wait took effect",
                        "INFO: reload: process.heartbeat-period took effect",
                        "process {refuseunknownexits=1}",
                        "keys",
                        "INFO: reload: the keys were read again");
        fleet.reload(wanted);
        assertThat(recorder.drain())
                .contains(
                        "WARN: reload: process.memory-in-queues-max waits for a restart of the process; the old value stays")
                .doesNotContain(
                        "INFO: reload: resolver took effect", "INFO: reload: process.shutdown-wait took effect");
    }

    /// The operator reads what became of each change, and a change that waits is not forgotten.
    @Test
    void everyChangeIsReportedAndWaitingOnesAgain() throws Exception {
        Recorder recorder = new Recorder();
        Fleet fleet = new Fleet(
                fleet(A, B), recorder, (level, relay, text) -> recorder.add(level + " " + relay + ": " + text));
        fleet.start();
        assertThat(recorder.drain()).containsExactly("start a", "start b");

        FleetSpec wanted = fleet(relay("a", 9009, "new", "accept *:*"), relay("c", 9003, "ops", "accept *:*"));
        fleet.reload(wanted);
        assertThat(recorder.drain())
                .containsExactly(
                        "INFO b: reload: the relay is no longer in the configuration and stops; its keys stay",
                        "remove b",
                        "update a on 127.0.0.1:9009 contact new",
                        "INFO a: reload: contact took effect",
                        "WARN a: reload: address and or-port waits for a restart of the process; the old value stays",
                        "INFO c: reload: the relay is new and starts",
                        "start c",
                        "process {}",
                        "keys",
                        "INFO : reload: the keys were read again");

        fleet.reload(wanted);
        assertThat(recorder.drain())
                .as("the port that was taken may be free by now")
                .contains("update a on 127.0.0.1:9009 contact new");

        fleet.reload(fleet(relay("a", 9001, "new", "accept *:*"), relay("c", 9003, "ops", "accept *:*")));
        assertThat(recorder.drain())
                .containsExactly(
                        "INFO : reload: the configuration has not changed",
                        "process {}",
                        "keys",
                        "INFO : reload: the keys were read again");
    }

    /// The operator repaired the key file and sends SIGHUP: nothing else has to be done.
    @Test
    void aReloadTriesFailedRelaysAgain() throws Exception {
        Recorder recorder = new Recorder();
        Fleet fleet = new Fleet(
                fleet(A, B), recorder, (level, relay, text) -> recorder.add(level + " " + relay + ": " + text));
        fleet.start();
        recorder.statuses = List.of(
                status("a", new InstanceState.Failed("a corrupt key")), status("b", new InstanceState.Published()));
        recorder.drain();
        assertThat(fleet.hasFailed()).isFalse();

        fleet.reload(fleet(A, B));
        assertThat(recorder.drain()).containsSubsequence("remove a", "start a").doesNotContain("remove b");

        recorder.statuses = recorder.statuses.subList(0, 1);
        assertThat(fleet.hasFailed()).isTrue();
    }

    private static final class Recorder extends RecordedRelays {
        private List<InstanceStatus> statuses = List.of();

        void add(String event) {
            if (!event.startsWith("DEBUG")) {
                events.add(event);
            }
        }

        @Override
        public UpdateOutcome update(InstanceSpec spec) {
            add("update " + spec.id() + " on " + spec.orAddresses().getFirst() + " contact " + spec.contact());
            return new UpdateOutcome(
                    List.of("contact"),
                    List.of("address and or-port"),
                    relay(spec.id(), 9001, spec.contact(), "accept *:*"));
        }

        @Override
        public void update(ProcessSpec process) {
            add("process " + process.ownParameters());
        }

        @Override
        public void acceptNothingNew() {
            add("nothing new");
        }

        @Override
        public void reloadKeys() {
            add("keys");
        }

        @Override
        public List<InstanceStatus> status() {
            return statuses;
        }
    }

    private static FleetSpec fleet(InstanceSpec... relays) {
        return Fixtures.fleet(List.of(relays));
    }
}
