package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;

class ExitPolicyTest {
    private static final ExitPolicyOptions PLAIN = new ExitPolicyOptions(true, false, List.of());

    @Test
    void nothingSaidIsNoExit() throws ExitPolicyException {
        ExitPolicy policy = ExitPolicy.parse(List.of(), new ExitPolicyOptions(false, true, List.of()));
        assertThat(policy.rejectsAll()).isTrue();
        assertThat(policy.descriptorLines()).containsExactly("reject *:*");
        assertThat(policy.ipv6Summary()).isNull();
        assertThat(policy.accepts(ip("192.0.2.1"), 80)).isFalse();
    }

    @Test
    void linesEndingInStarStandAlone() throws ExitPolicyException {
        ExitPolicy policy = ExitPolicy.parse(List.of("accept *:80", "reject *:*"), PLAIN);
        assertThat(policy.descriptorLines()).containsExactly("accept *:80", "reject *:*");
        assertThat(policy.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0,   80, true",
        "192.0.2.127, 90, true",
        "192.0.2.128, 80, false",
        "192.0.1.255, 80, false",
        "192.0.2.1,   79, false",
        "192.0.2.1,   91, false",
        "[2001:db8::1], 443, true",
        "[2001:db9::1], 443, false",
        "[2001:db8::1], 442, false"
    })
    void masksAndRangesEndWhereTheySay(String address, int port, boolean accepted) throws ExitPolicyException {
        ExitPolicy policy =
                ExitPolicy.parse(List.of("accept 192.0.2.0/25:80-90, accept [2001:db8::]/32:443", "reject *:*"), PLAIN);
        assertThat(policy.accepts(ip(address), port)).isEqualTo(accepted);
    }

    /// A mapped address is reached over IPv4; it must not walk around the IPv4 rules.
    @Test
    void mappedAddressesNeedBothFamilies() throws ExitPolicyException {
        ExitPolicy policy = ExitPolicy.parse(List.of("reject 192.0.2.0/24:*", "accept *:*"), PLAIN);
        assertThat(policy.accepts(ip("[::ffff:192.0.2.9]"), 80)).isFalse();
        assertThat(policy.accepts(ip("[::ffff:198.51.100.9]"), 80)).isTrue();
    }

    @Test
    void ownAddressesAreRefusedWithAndWithoutThePrivateOnes() throws ExitPolicyException {
        RelayAddress own = new RelayAddress(ip("198.51.100.7"), 9001);
        for (boolean rejectPrivate : new boolean[] {true, false}) {
            ExitPolicyOptions options = new ExitPolicyOptions(false, rejectPrivate, List.of(own));
            ExitPolicy policy = ExitPolicy.parse(List.of("accept *:*"), options);
            assertThat(policy.accepts(ip("198.51.100.7"), 80)).isFalse();
            assertThat(policy.accepts(ip("198.51.100.8"), 80)).isTrue();
            assertThat(policy.accepts(ip("10.0.0.1"), 80)).isEqualTo(!rejectPrivate);
        }
    }

    @Test
    void everyBadEntryIsNamedWithItsLine() {
        ExitPolicyException problem = catchThrowableOfType(
                ExitPolicyException.class,
                () -> ExitPolicy.parse(List.of("accept *:80", "accept *:0, reject nowhere:1", "permit *:1"), PLAIN));
        assertThat(problem.problems())
                .extracting(ExitPolicyException.Problem::line)
                .containsExactly(1, 1, 2);
        assertThat(problem.problems())
                .extracting(ExitPolicyException.Problem::entry)
                .containsExactly("accept *:0", "reject nowhere:1", "permit *:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept",
                "accept *:80 now",
                "accept *:80-79",
                "accept *:65536",
                "accept *:0",
                "accept *:0-80",
                "accept *:1-0",
                "accept *:80-",
                "accept 192.0.2.0/33:80",
                "accept 192.0.2.0/255.0.255.0:80",
                "accept [2001:db8::]/129:80",
                "accept [2001:db8::/32:80",
                "accept 2001:db8::1:80",
                "accept */8:80",
                "accept6 192.0.2.1:80",
                "accept6 *4:80",
                "accept private",
                "accept example.com:80"
            })
    void refusesWhatIsNoRule(String line) {
        assertThat(catchThrowableOfType(ExitPolicyException.class, () -> ExitPolicy.parse(List.of(line), PLAIN)))
                .isNotNull();
    }

    @Test
    void warnsOfLinesBehindStar() throws ExitPolicyException {
        assertThat(ExitPolicy.parse(List.of("reject *:*", "accept *:80"), PLAIN).warnings())
                .singleElement()
                .asString()
                .contains("accept *:80");
    }

    /// Dropping redundant rules must never change what is accepted.
    @Test
    void shorteningKeepsTheMeaning() throws ExitPolicyException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                line.append(random.nextBoolean() ? "accept " : "reject ")
                        .append("10.0.0.")
                        .append(random.nextInt(8))
                        .append('/')
                        .append(29 + random.nextInt(4))
                        .append(':')
                        .append(1 + random.nextInt(3))
                        .append('-')
                        .append(3 + random.nextInt(3))
                        .append(',');
            }
            String[] entries = line.toString().split(",", -1);
            ExitPolicy policy = ExitPolicy.parse(List.of(line + "reject *:*"), PLAIN);
            for (int host = 0; host < 8; host++) {
                for (int port = 1; port < 7; port++) {
                    byte[] ip = {10, 0, 0, (byte) host};
                    assertThat(policy.accepts(ip, port)).as("seed %s", seed).isEqualTo(firstMatch(entries, ip, port));
                }
            }
        }
    }

    private static boolean firstMatch(String[] entries, byte[] ip, int port) {
        for (String entry : entries) {
            if (entry.isEmpty()) {
                continue;
            }
            String[] parts = entry.split("[ /:-]", -1);
            int shift = 32 - Integer.parseInt(parts[2]);
            int base = Integer.parseInt(parts[1].substring(7));
            if (ip[3] >> shift == base >> shift
                    && port >= Integer.parseInt(parts[3])
                    && port <= Integer.parseInt(parts[4])) {
                return parts[0].equals("accept");
            }
        }
        return false;
    }

    private static byte[] ip(String text) {
        byte[] ip = Ip.parse(text);
        if (ip == null) {
            throw new IllegalArgumentException(text);
        }
        return ip;
    }
}
