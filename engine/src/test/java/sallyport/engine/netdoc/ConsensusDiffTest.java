package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;

/// Diffs of consensuses. The short ones are those of C tor's test_consdiff.c; `/` stands for a line's end.
class ConsensusDiffTest {
    private static final GeneratedNetwork NETWORK = new GeneratedNetwork(3);

    private static byte[] lines(String text) {
        return text.replace('/', '\n').getBytes(StandardCharsets.US_ASCII);
    }

    private static String script(String base, String target) throws Malformed {
        byte[] script = EdScript.between(TextLines.of(lines(base)), TextLines.of(lines(target)));
        return new String(script, StandardCharsets.US_ASCII).replace('\n', '/');
    }

    private static String applied(String base, String script) throws Malformed {
        byte[] target = EdScript.apply(TextLines.of(lines(base)), TextLines.of(lines(script)), 0);
        return new String(target, StandardCharsets.US_ASCII).replace('\n', '/');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo1/./foo2/|foo1/./foo2/|''",
                "foo1/././foo2/|foo1/./foo2/|3d/",
                "''|''|''",
                "foo/bar/|foo/bar/|''",
                "foo/bar/|''|1,2d/",
                "''|foo/bar/|0a/foo/bar/./",
                "foo/bar/|foo2/bar2/|1,2c/foo2/bar2/./",
                "A/B/C/D/E/|A/C/O/E/U/|5a/U/./4c/O/./2d/",
                "B/|A/B/|0a/A/./",
                "a/directory-signature x/sig/|a/directory-signature y/gis/|2,$d/1a/directory-signature y/gis/./"
            })
    void writesTheScriptsThatCTorWrites(String base, String target, String script) throws Malformed {
        assertThat(script(base, target)).isEqualTo(script);
        assertThat(applied(base, script)).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "3a/U/O/./0a/V/./,V/A/B/C/U/O/D/E/",
        "'4d/1,2d/',C/E/",
        "'4c/T/X/./1,2c/M/./',M/C/T/X/E/",
        "4c/T/X/./2d/0a/M/./,M/A/C/T/X/E/"
    })
    void carriesOutTheScriptsOfCTor(String script, String target) throws Malformed {
        assertThat(applied("A/B/C/D/E/", script)).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/",
                "1/",
                "1,/",
                "1,1/",
                "3,2/",
                "3,2d/",
                "1,2a/x/./",
                "1,$c/x/./",
                "1d/3d/",
                "1foo/",
                "1e/",
                "0a/",
                "0a/./",
                "0a/hello/",
                "0, 4d/",
                "+0,4d/",
                "0,4d,5d/",
                "0,4 d/",
                "0,4 5d/",
                "6d/",
                "5,6d/",
                "5,$d/",
                "99999999999d/",
                "1c/./",
                "-1d/",
                "$d/",
                ",d/",
                "/"
            })
    void refusesOtherScripts(String script) {
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> applied("A/B/C/D/E/", script));
    }

    @Test
    void refusesToWriteWhatCouldNotBeRead() {
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> script("foo1/", "foo1/./"));
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> script("r a BB x/r b AA x/", "r a BB x/r c CC x/"));
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> script("r a AA x/", "r a AA x/r a AA x/"));
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> script("a/".repeat(10_001), "b/"));
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> script("a", "a/"));
    }

    /// Relays that come, go, change their flags, and all the numbers that change each hour.
    @Test
    void aDiffLeadsFromAnyConsensusToAnyOther() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Flavor flavor = seed % 2 == 0 ? Flavor.NS : Flavor.MICRODESC;
            List<GeneratedNetwork.Relay> all = GeneratedNetwork.relays(1 + random.nextInt(120), flavor, random);
            byte[] base = NETWORK.consensus(flavor, GeneratedNetwork.START, some(all, random), 0, 1);
            byte[] target = NETWORK.consensus(
                    flavor,
                    GeneratedNetwork.START.plus(Duration.ofHours(1)),
                    some(all, random),
                    text -> varied(text, random),
                    1,
                    2);
            byte[] diff = ConsensusDiff.between(base, target);
            assertThat(ConsensusDiff.isDiff(diff)).isTrue();
            assertThat(ConsensusDiff.apply(base, diff)).as("seed %s", seed).isEqualTo(target);
            assertThatExceptionOfType(Malformed.class).isThrownBy(() -> ConsensusDiff.apply(target, diff));
        }
    }

    private static List<GeneratedNetwork.Relay> some(List<GeneratedNetwork.Relay> all, Random random) {
        List<GeneratedNetwork.Relay> some = new ArrayList<>(all);
        some.removeIf(_ -> random.nextInt(5) == 0);
        return some;
    }

    private static String varied(String text, Random random) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("(?<=\n)", -1)) {
            out.append(
                    line.startsWith("w ") && random.nextBoolean() ? "w Bandwidth=" + random.nextInt(9) + "\n" : line);
        }
        return out.toString();
    }

    /// dir-spec "Consensus diff format": the base by its signed part, the target by all of it.
    @Test
    void theHeadNamesBothDocuments() throws Exception {
        byte[] base = Captured.read("consensus");
        byte[] target = new String(base, StandardCharsets.US_ASCII)
                .replace("Bandwidth=", "Bandwidth=1")
                .getBytes(StandardCharsets.US_ASCII);
        String[] diff = new String(ConsensusDiff.between(base, target), StandardCharsets.US_ASCII).split("\n", -1);
        assertThat(diff[0]).isEqualTo("network-status-diff-version 1");
        assertThat(diff[1])
                .isEqualTo("hash " + Hex.upper(UnverifiedConsensus.digestAsSigned(base)) + " "
                        + Hex.upper(Hashes.sha3x256(target)));
    }

    @Test
    void refusesDiffsThatSayOtherwise() throws Exception {
        byte[] base = Captured.read("consensus");
        byte[] target = new String(base, StandardCharsets.US_ASCII)
                .replace("Bandwidth=", "Bandwidth=1")
                .getBytes(StandardCharsets.US_ASCII);
        String diff = new String(ConsensusDiff.between(base, target), StandardCharsets.US_ASCII);
        for (String wrong : List.of(
                diff.replace("version 1", "version 2"),
                diff.replace("hash ", "hush "),
                diff.replace("\nhash ", "\nhash 00"),
                diff.replaceFirst("hash (..)", "hash 00"),
                diff.replaceFirst("Bandwidth=1", "Bandwidth=2"),
                diff.substring(0, diff.length() - 1),
                diff.substring(0, 40),
                "")) {
            assertThatExceptionOfType(Malformed.class)
                    .isThrownBy(() -> ConsensusDiff.apply(base, wrong.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /// Eight thousand relays an hour apart are some tenths of a second; this would notice minutes.
    @Test
    void aLargeConsensusIsComparedRelayByRelay() throws Exception {
        Random random = new Random(8);
        List<GeneratedNetwork.Relay> all = GeneratedNetwork.relays(8000, Flavor.MICRODESC, random);
        byte[] base = NETWORK.consensus(Flavor.MICRODESC, GeneratedNetwork.START, some(all, random), 0, 1);
        byte[] target = NETWORK.consensus(
                Flavor.MICRODESC, GeneratedNetwork.START, some(all, random), text -> varied(text, random), 0, 1);
        byte[] diff = ConsensusDiff.between(base, target);
        assertThat(diff.length).isLessThan(target.length);
    }
}
