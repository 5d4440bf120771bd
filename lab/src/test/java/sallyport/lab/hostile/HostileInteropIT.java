package sallyport.lab.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The same hostile cells to an exit of ours and to one of C tor: each answers as the table says, and nobody
/// else notices. Where C tor departs from the specification, its row says so and docs/differences.md lists
/// it.
class HostileInteropIT {
    private static final Map<Subject.Kind, Examination> EXAMINATIONS = new EnumMap<>(Subject.Kind.class);

    private static HostileNetwork network;

    @BeforeAll
    static void bringUp() throws Exception {
        network = HostileNetwork.start(System.err::println);
        for (Subject.Kind kind : Subject.Kind.values()) {
            EXAMINATIONS.put(kind, new Examination(network.subject(kind), network.surroundings()));
        }
    }

    @AfterAll
    static void takeDown() throws Exception {
        for (Examination examination : EXAMINATIONS.values()) {
            examination.close();
        }
        if (network != null) {
            System.err.println(String.join("\n", network.lines()));
            network.close();
        }
    }

    static Stream<Arguments> rows() {
        return Rows.all().stream()
                .flatMap(row -> Stream.of(Subject.Kind.values()).map(kind -> Arguments.of(row, kind)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rows")
    void answersAsTheTableSays(Row row, Subject.Kind kind) throws Exception {
        assertThat(EXAMINATIONS.get(kind).run(row)).isEmpty();
    }

    /// Byte for byte what a C tor relay of the same network serves: documents, their encodings once undone, and diffs.
    @Test
    void bothServeTheSameDirectory() throws Exception {
        new DirectoryComparison(
                        network.subject(Subject.Kind.C_TOR).facts(),
                        network.subject(Subject.Kind.SALLYPORT).facts())
                .run();
    }

    @Test
    void noRowIsThereTwice() {
        List<String> names = Rows.all().stream().map(Row::toString).toList();
        assertThat(names).doesNotHaveDuplicates();
    }
}
