package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.address.RelayAddress;

/// Our assembled lists against those a real tor printed: an authority or a client that evaluates our
/// descriptor must come to what we enforce.
class ExitPolicyVectorTest {
    record Case(
            String name,
            boolean ipv6,
            boolean rejectPrivate,
            boolean reduced,
            List<String> lines,
            List<String> full,
            List<String> descriptor,
            List<String> ipv6Summary) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void assemblesWhatTorAssembles(Case vector) throws ExitPolicyException {
        RelayAddress own = RelayAddress.parseIp("192.0.2.77", 9001);
        assertThat(own).isNotNull();
        ExitPolicy policy = ExitPolicy.parse(
                vector.lines(),
                new ExitPolicyOptions(
                        vector.ipv6(),
                        vector.rejectPrivate(),
                        vector.rejectPrivate() ? List.of(own) : List.of(),
                        vector.reduced() ? Optional.of(NamedExitPolicy.REDUCED) : Optional.empty()));

        // Case "default" was recorded with ExitRelay 1; without lines we are no exit unless told so.
        if (vector.lines().isEmpty() && !vector.ipv6() && !vector.reduced()) {
            assertThat(policy.rejectsAll()).isTrue();
            return;
        }
        assertThat(policy.fullLines()).isEqualTo(vector.full());
        assertThat(policy.descriptorLines()).isEqualTo(vector.descriptor());
        String summary = policy.ipv6Summary();
        assertThat(summary == null ? List.of() : List.of(summary)).isEqualTo(vector.ipv6Summary());
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = ExitPolicyVectorTest.class.getResourceAsStream("/vectors/exitpolicy.txt")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                int space = line.indexOf(' ');
                String rest = line.substring(space + 1);
                switch (space < 0 ? "" : line.substring(0, space)) {
                    case "case" ->
                        cases.add(new Case(
                                rest.substring(0, rest.indexOf(' ')),
                                rest.contains("ipv6=1"),
                                rest.contains("private=1"),
                                rest.contains("reduced=1"),
                                new ArrayList<>(),
                                new ArrayList<>(),
                                new ArrayList<>(),
                                new ArrayList<>()));
                    case "line" -> cases.getLast().lines().add(rest);
                    case "full" -> cases.getLast().full().add(rest);
                    case "desc" -> cases.getLast().descriptor().add(rest);
                    case "ipv6" -> cases.getLast().ipv6Summary().add(rest);
                    default -> assertThat(line).matches("|#.*");
                }
            }
        }
        assertThat(cases).hasSize(15);
        return cases;
    }
}
