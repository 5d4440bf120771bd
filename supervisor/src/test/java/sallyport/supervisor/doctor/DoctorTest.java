package sallyport.supervisor.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;

class DoctorTest {
    private static final String IPV6_DEFAULT =
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001"
                    + " 00000400 00000001 00000000 00000003     eth0\n";

    @TempDir
    Path directory;

    private final FakeMachine machine = new FakeMachine();

    /// As a machine should be.
    @BeforeEach
    void isWell() {
        machine.addresses.addAll(List.of("192.0.2.1", "192.0.2.2", "2001:db8:0:0:0:0:0:1"));
        machine.texts.put("/etc/resolv.conf", "nameserver 127.0.0.1\n");
        machine.texts.put("/proc/net/ipv6_route", IPV6_DEFAULT);
        machine.sysctl("fs.nr_open", "1048576");
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
        machine.sysctl("fs.nr_open", "26999");
        machine.sysctl("net.netfilter.nf_conntrack_max", "26000");
        List<Finding> found = examine("");
        assertThat(found).extracting(Finding::id).containsExactly("D134", "D130", "D130", "D132");
        assertThat(found.get(1).what()).isEqualTo("the process may open 26999 files; 2 busy relays need 27000");
        assertThat(found.getFirst().severity()).isEqualTo(Severity.ERROR);
        machine.fds = 27_000;
        machine.memory = 330L << 20;
        machine.sysctl("fs.nr_open", "27000");
        machine.sysctl("net.netfilter.nf_conntrack_max", "33000");
        assertThat(examine("")).isEmpty();
        assertThat(examine("process.memory-in-queues-max = 1 GiB"))
                .extracting(Finding::id)
                .containsExactly("D134");
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

    /// The real one, as far as any machine has it.
    @Test
    void thisMachineAnswers() throws Exception {
        ThisMachine real = new ThisMachine(OptionalLong.empty());
        assertThat(real.has(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(real.has(InetAddress.ofLiteral("240.0.0.1"))).isFalse();
        assertThat(real.fdsMax()).isGreaterThan(100);
        assertThat(real.memoryBytes().orElseThrow()).isGreaterThan(100 << 20);
        assertThat(real.number("fs.nr_open").orElseThrow()).isGreaterThan(100);
        assertThat(real.sysctl("net.no_such_thing")).isEmpty();
        Path secret = Files.writeString(directory.resolve("secret_id_key"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(directory.resolve("public"), "x");
        assertThat(real.secretsOpenToOthers(directory)).containsExactly(secret);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertThat(real.secretsOpenToOthers(directory)).isEmpty();
        assertThat(real.secretsOpenToOthers(directory.resolve("none"))).isEmpty();
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
        final Map<String, String> texts = new HashMap<>();
        final Set<String> addresses = new HashSet<>();
        final List<Path> open = new ArrayList<>();
        long fds = 1 << 20;
        long memory = 64L << 30;

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
        public long fdsMax() {
            return fds;
        }

        @Override
        public Optional<Long> memoryBytes() {
            return Optional.of(memory);
        }

        @Override
        public List<Path> secretsOpenToOthers(Path directory) {
            return directory.endsWith("relays") ? open : List.of();
        }
    }
}
