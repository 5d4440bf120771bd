package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where an exit's short words send a client: read wrongly, every stream is refused there.
class PortSummaryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "accept 80,443,8000-8999; 80; true",
                "accept 80,443,8000-8999; 81; false",
                "accept 80,443,8000-8999; 8000; true",
                "accept 80,443,8000-8999; 8999; true",
                "accept 80,443,8000-8999; 9000; false",
                "accept 1-65535; 1; true",
                "accept 1-65535; 65535; true",
                "reject 25,119,135-139; 25; false",
                "reject 25,119,135-139; 136; false",
                "reject 25,119,135-139; 140; true",
                "reject 1-65535; 80; false",
            })
    void saysToWhichPortsItLetsClientsGo(String line, int port, boolean accepted) {
        assertThat(PortSummary.of(line).accepts(port)).isEqualTo(accepted);
        assertThat(PortSummary.of(line).rejectsAll()).isEqualTo(line.equals("reject 1-65535"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "accept",
                "accept ",
                "allow 80",
                "accept 0",
                "accept 65536",
                "accept 80,79",
                "accept 5-4",
                "accept 80 81",
                "accept x",
                "accept 1-2-3"
            })
    void whatCannotBeReadLetsNobodyGo(String line) {
        assertThat(PortSummary.of(line)).isSameAs(PortSummary.REJECT_ALL);
        assertThat(PortSummary.REJECT_ALL.accepts(80)).isFalse();
    }

    @Test
    void readsWhatOurOwnSummaryWrites() throws Exception {
        ExitPolicy policy = ExitPolicy.parse(
                List.of("reject *:25", "reject *:100-200", "accept *:*"),
                new ExitPolicyOptions(false, false, List.of()));
        PortSummary read = PortSummary.of(policy.ipv4Summary());
        for (int port = 1; port <= 65535; port++) {
            assertThat(read.accepts(port)).isEqualTo(port != 25 && (port < 100 || port > 200));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Cons=1-2 Relay=1-4,6 FlowCtrl=1-2; Relay; 6; true",
                "Cons=1-2 Relay=1-4,6 FlowCtrl=1-2; Relay; 5; false",
                "Cons=1-2 Relay=1-4,6 FlowCtrl=1-2; Relay; 4; true",
                "Cons=1-2 Relay=1-4,6 FlowCtrl=1-2; FlowCtrl; 2; true",
                "Cons=1-2 Relay=1-4,6 FlowCtrl=1-2; Conflux; 1; false",
                "Relay=; Relay; 0; false",
                "Relay=x-9; Relay; 4; false",
                "Relay=1-999999999999; Relay; 4; false",
                "; Relay; 1; false",
            })
    void versionsOfAProtocolAreRanges(String line, String protocol, int version, boolean included) {
        assertThat(new ProtocolVersions(line == null ? "" : line).includes(protocol, version))
                .isEqualTo(included);
    }
}
