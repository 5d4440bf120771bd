package sallyport.supervisor.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;

class DoctorTest {
    private static final String IPV6_DEFAULT =
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001"
                    + " 00000400 00000001 00000000 00000003     eth0\n";

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path directory;

    private final FakeMachine machine = new FakeMachine();

    /// As a machine should be.
    @BeforeEach
    void isWell() {
        machine.addresses.addAll(List.of("192.0.2.1", "192.0.2.2", "2001:db8:0:0:0:0:0:1"));
        machine.texts.put("/etc/resolv.conf", "nameserver 127.0.0.1\n");
        machine.texts.put("/proc/net/ipv6_route", IPV6_DEFAULT);
        machine.sysctl("net.ipv4.ip_local_port_range", "15000\t64000");
        machine.sysctl("net.ipv4.ip_local_reserved_ports", "");
        machine.sysctl("net.ipv4.tcp_timestamps", "1");
        machine.sysctl("net.ipv4.conf.all.rp_filter", "2");
    }

    @Test
    void nothingIsSaidOfAMachineThatIsWell() throws Exception {
        assertThat(examine("")).isEmpty();
    }

    @Test
    void addressesHaveToBeTheMachinesOwn() throws Exception {
        machine.addresses.remove("192.0.2.2");
        machine.texts.put("/proc/net/ipv6_route", IPV6_DEFAULT.replace("eth0", "  lo"));
        assertThat(examine("")).extracting(Finding::id).containsExactly("D111", "D113");
        assertThat(examine("").getFirst().what()).isEqualTo("192.0.2.2 is no address of this machine");
        assertThat(examine("").getFirst().next()).startsWith("ip address add 192.0.2.2/32 dev");
    }

    @Test
    void theNameServerIsOurOwnAndNoRelay() throws Exception {
        assertThat(examine("resolver = [\"[2620:fe::fe]:53\", \"192.0.2.1:53\"]"))
                .extracting(Finding::id)
                .containsExactly("D120", "D115");
        machine.texts.put("/etc/resolv.conf", "nameserver 8.8.8.8\nnameserver 127.0.0.1\nnameserver ::1\n");
        assertThat(examine("")).extracting(Finding::id).containsExactly("D120", "D121");
    }

    @Test
    void whatRelaysNeedIsComparedWithWhatThereIs() throws Exception {
        machine.fds = 26_999;
        machine.memory = 300L << 20;
        machine.kernelFiles = 26_999;
        machine.connections = 26_000;
        List<Finding> found = examine("");
        assertThat(found).extracting(Finding::id).containsExactly("D134", "D130", "D130", "D132");
        assertThat(found.get(1).what()).isEqualTo("the process may open 26999 files; 2 busy relays need 27000");
        assertThat(found.getFirst().severity()).isEqualTo(Severity.ERROR);
        machine.fds = 27_000;
        machine.memory = 330L << 20;
        machine.kernelFiles = 27_000;
        machine.connections = 33_000;
        assertThat(examine("")).isEmpty();
        assertThat(examine("process.memory-in-queues-max = 1 GiB"))
                .extracting(Finding::id)
                .containsExactly("D134");
    }

    /// What the cache has already it does not need again.
    @Test
    void theDiskHasRoomForWhatMayStillBeWritten() throws Exception {
        machine.free = (256 + 100 << 20) - 1;
        String small = "process.directory-cache-max = 100 MiB";
        assertThat(examine(small)).extracting(Finding::id).containsExactly("D135");
        machine.free++;
        assertThat(examine(small)).isEmpty();
        assertThat(examine("")).extracting(Finding::id).containsExactly("D135");
        machine.cached = Map.of(DiskUse.Part.DIRECTORY_CACHE, 412L << 20);
        assertThat(examine("")).isEmpty();
    }

    @Test
    void portsAreManyAndThoseOfRelaysKeptFree() throws Exception {
        machine.sysctl("net.ipv4.ip_local_port_range", "8000 60999");
        assertThat(examine(""))
                .extracting(Finding::what)
                .containsExactly("the or-port 9001 lies among the ports that connections take");
        machine.sysctl("net.ipv4.ip_local_reserved_ports", "80,8999-9002");
        assertThat(examine("")).isEmpty();
        machine.sysctl("net.ipv4.ip_local_port_range", "32768\t60999");
        assertThat(examine("")).extracting(Finding::id).containsExactly("D131");
    }

    @Test
    void harmfulSettingsAreNamed() throws Exception {
        machine.sysctl("net.ipv4.tcp_timestamps", "0");
        machine.sysctl("net.ipv4.tcp_tw_recycle", "1");
        machine.sysctl("net.ipv4.conf.all.rp_filter", "1");
        assertThat(examine(""))
                .extracting(Finding::next)
                .containsExactly(
                        "sysctl -w net.ipv4.tcp_timestamps=1",
                        "sysctl -w net.ipv4.tcp_tw_recycle=0",
                        "sysctl -w net.ipv4.conf.all.rp_filter=2");
    }

    @Test
    void operatorsAreReachableDeclareTheirRelaysAndKeepKeys() throws Exception {
        machine.open.add(Path.of("/var/lib/sallyport/relays/a/keys/secret_id_key"));
        assertThat(examine("family.together = false", ""))
                .extracting(Finding::id)
                .containsExactly("D140", "D153", "D143");
        assertThat(examine("family { together = false, ids = [\"*\"] }", "contact = x,"))
                .extracting(Finding::id)
                .containsExactly("D153");
    }

    @Test
    void aClockThatIsWrongOrLeftAloneIsSaid() throws Exception {
        machine.listed = listed(NOW.plus(Duration.ofMinutes(15)), Map.of());
        assertThat(examine("")).isEmpty();
        machine.listed = listed(NOW.plus(Duration.ofMinutes(16)), Map.of());
        assertThat(examine("").getFirst().what())
                .isEqualTo("the clock says 2026-11-22T12:00:00Z, and a consensus that was verified here begins at"
                        + " 2026-11-22T12:16:00Z");
        machine.setsClock = false;
        assertThat(examine("")).extracting(Finding::severity).containsExactly(Severity.ERROR, Severity.NOTE);
    }

    @Test
    void identitiesWithoutABackupAreSaid() throws Exception {
        machine.identity = Optional.of(NOW.minus(Duration.ofDays(300)));
        assertThat(examine("").getFirst().what()).isEqualTo("nothing says that the keys were ever backed up");
        assertThat(examine("").getFirst().next()).endsWith("then: touch /var/lib/sallyport/last-backup");
        machine.backup = Optional.of(NOW.minus(Duration.ofDays(301)));
        assertThat(examine("").getFirst().what()).startsWith("keys were made at 2026-01-26T12:00:00Z, after");
        machine.backup = Optional.of(NOW.minus(Duration.ofDays(181)));
        assertThat(examine("").getFirst().severity()).isEqualTo(Severity.NOTE);
        machine.backup = Optional.of(NOW.minus(Duration.ofDays(179)));
        assertThat(examine("")).isEmpty();
    }

    /// A policy is a promise: to clients who choose by it, and to authorities who test it.
    @Test
    void whatPoliciesPromiseIsComparedWithWhatIs() throws Exception {
        String exits = "contact = x, exit-policy = reduced, exit-policy-reject-private = true, ipv6-exit = true,";
        assertThat(examine("", exits)).isEmpty();
        machine.texts.remove("/proc/net/ipv6_route");
        assertThat(examine("", exits)).extracting(Finding::id).containsExactly("D113", "D114");
        machine.texts.put("/proc/net/ipv6_route", IPV6_DEFAULT);

        String fingerprint = "A".repeat(40);
        machine.texts.put("/var/lib/sallyport/relays/a/fingerprint", "a " + fingerprint + "\n");
        machine.listed = listed(NOW, Map.of(fingerprint, Set.of("Running", "Exit")));
        assertThat(examine("", exits)).isEmpty();
        machine.listed = listed(NOW, Map.of(fingerprint, Set.of("Running")));
        assertThat(examine("", exits).getFirst().what())
                .isEqualTo("a lets clients out to 80 and 443, and the consensus says no exit");
        machine.listed = listed(NOW, Map.of(fingerprint, Set.of("Valid")));
        assertThat(examine("", exits))
                .as("what does not run is judged by nobody")
                .isEmpty();
        machine.listed = listed(NOW, Map.of(fingerprint, Set.of("Running", "BadExit", "Exit")));
        assertThat(examine("", exits).getFirst().severity()).isEqualTo(Severity.ERROR);
        machine.listed = listed(NOW, Map.of(fingerprint, Set.of("Running", "Exit")));
        assertThat(examine("", "contact = x, exit-policy = [\"reject *:*\"],")
                        .getFirst()
                        .what())
                .isEqualTo("a does not let clients out to 80 and 443, and the consensus says Exit");
    }

    private static ListedRelays listed(Instant validAfter, Map<String, Set<String>> flags) {
        return new ListedRelays(List.of(), Map.of(), flags, Optional.of(validAfter));
    }

    /// The real one, as far as any machine has it.
    @Test
    void thisMachineAnswers() throws Exception {
        ThisMachine real = new ThisMachine(OptionalLong.empty());
        assertThat(real.has(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(real.has(InetAddress.ofLiteral("240.0.0.1"))).isFalse();
        assertThat(real.sysctl("net.no_such_thing")).isEmpty();
        Path secret = Files.writeString(directory.resolve("secret_id_key"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(directory.resolve("public"), "x");
        assertThat(real.secretsOpenToOthers(directory)).containsExactly(secret);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertThat(real.secretsOpenToOthers(directory)).isEmpty();
        assertThat(real.secretsOpenToOthers(directory.resolve("none"))).isEmpty();

        assertThat(real.newestIdentity(directory)).isEmpty();
        Path keys = Files.createDirectories(directory.resolve("relays/a/keys"));
        Files.setLastModifiedTime(Files.writeString(keys.resolve("secret_onion_key_ntor"), "x"), FileTime.from(NOW));
        assertThat(real.newestIdentity(directory))
                .as("an onion key needs no backup")
                .isEmpty();
        Files.setLastModifiedTime(Files.writeString(keys.resolve("secret_id_key"), "x"), FileTime.from(NOW));
        assertThat(real.newestIdentity(directory)).contains(NOW);
        assertThat(real.changed(directory.resolve("none"))).isEmpty();
        assertThat(real.listed(directory)).isEqualTo(ListedRelays.NONE);
        assertThat(real.now())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    private List<Finding> examine(String lines) throws Exception {
        return examine(lines, "contact = \"tor[]example.org\",");
    }

    private List<Finding> examine(String lines, String relayKeys) throws Exception {
        Path file = Files.writeString(directory.resolve("sallyport.conf"), """
                data-directory = /var/lib/sallyport
                %s
                relays = [
                  { %s nickname = a, address = [192.0.2.1, "2001:db8::1"], or-port = 9001 }
                  { %s nickname = b, address = 192.0.2.2, or-port = 9001 }
                ]
                """.formatted(lines, relayKeys, relayKeys));
        FleetSpec fleet = new ConfigReader(_ -> null).read(file);
        return Doctor.examine(fleet, machine);
    }

    private static final class FakeMachine implements Machine {
        Map<DiskUse.Part, Long> cached = Map.of();
        long free = 10L << 30;
        final Map<String, String> texts = new HashMap<>();
        final Set<String> addresses = new HashSet<>();
        final List<Path> open = new ArrayList<>();
        long fds = 1 << 20;
        long kernelFiles = 1 << 20;
        long memory = 64L << 30;
        long connections;
        boolean setsClock = true;
        Optional<Instant> identity = Optional.empty();
        Optional<Instant> backup = Optional.empty();
        ListedRelays listed = ListedRelays.NONE;

        void sysctl(String name, String value) {
            texts.put("/proc/sys/" + name.replace('.', '/'), value + "\n");
        }

        @Override
        public Optional<String> text(Path file) {
            return Optional.ofNullable(texts.get(file.toString()));
        }

        @Override
        public boolean has(InetAddress address) {
            return addresses.contains(address.getHostAddress());
        }

        @Override
        public Limits limits() {
            return new Limits(fds, kernelFiles, memory, connections, 0);
        }

        @Override
        public Instant now() {
            return NOW;
        }

        @Override
        public boolean setsClock() {
            return setsClock;
        }

        @Override
        public Optional<Instant> changed(Path file) {
            return file.equals(Path.of("/var/lib/sallyport/last-backup")) ? backup : Optional.empty();
        }

        @Override
        public Optional<DiskUse> disk(Path dataDirectory) {
            return Optional.of(new DiskUse(cached, free));
        }

        @Override
        public Optional<Instant> newestIdentity(Path dataDirectory) {
            return identity;
        }

        @Override
        public ListedRelays listed(Path dataDirectory) {
            return listed;
        }

        @Override
        public List<Path> secretsOpenToOthers(Path directory) {
            return directory.endsWith("relays") ? open : List.of();
        }
    }
}
