package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.netdoc.Flavor;

/// What honest authorities rarely disagree on: the rules of dir-spec 3.8.1 and C tor's dirvote.c, one by
/// one. The first relay of the sample is the one spoken of.
class ElectionRulesTest {
    private static final UnaryOperator<String> NOTHING = UnaryOperator.identity();
    private static final String OLD = "2026-11-22 15:00:00";
    private static final String NEW = "2026-11-22 15:05:00";
    private static final String LOW = "A".repeat(27);
    private static final String HIGH = "z".repeat(26) + "w";

    private static ForgedVotes forged;

    @BeforeAll
    static void make() throws Exception {
        forged = ForgedVotes.make();
    }

    @ParameterizedTest
    @CsvSource({
        // The time decides between two that one authority each lists,
        "Al, Ah, Bl, Bl",
        // and where it does not, the smaller digest;
        "Ah, Al, none, Al",
        // but two authorities outvote a later time.
        "Al, Al, Bh, Al",
        "Bh, Al, Al, Al",
    })
    void theDescriptorMostAuthoritiesListIsChosen(String a, String b, String c, String chosen) throws Exception {
        List<UnaryOperator<String>> changes = new ArrayList<>();
        for (String described : List.of(a, b, c)) {
            changes.add(
                    described.equals("none")
                            ? ElectionRulesTest::without
                            : entry("r (\\S+ \\S+) \\S+ \\S+ \\S+", "r $1 " + of(described)));
        }
        assertThat(consensus(changes, Flavor.NS)).containsPattern("\nr " + name() + " \\S+ " + of(chosen));
    }

    @Test
    void withoutAMajorityARelayIsNotListed() throws Exception {
        assertThat(consensus(List.of(ElectionRulesTest::without, ElectionRulesTest::without, NOTHING), Flavor.NS))
                .doesNotContain("\nr " + name());
        assertThat(consensus(List.of(ElectionRulesTest::without, NOTHING, NOTHING), Flavor.NS))
                .contains("\nr " + name());
        assertThat(consensus(same(entry("\ns (.*) Running", "\ns $1")), Flavor.NS))
                .doesNotContain("\nr " + name());
        assertThat(consensus(same(entry(" Valid\n", "\n")), Flavor.NS)).doesNotContain("\nr " + name());
    }

    @Test
    void aFlagNeedsMoreThanHalfOfThoseWhoDecideAboutIt() throws Exception {
        UnaryOperator<String> stale = entry(" Stable", " Stable StaleDesc");
        assertThat(flags(List.of(stale, stale, NOTHING))).contains("StaleDesc");
        assertThat(flags(List.of(stale, NOTHING, NOTHING))).doesNotContain("StaleDesc");
        UnaryOperator<String> silent = body -> body.replace(" StaleDesc Sybil", " Sybil");
        assertThat(flags(List.of(stale, silent, silent))).contains("StaleDesc");
    }

    @Test
    void theMiddleOnlyIsNoExitAndNoGuard() throws Exception {
        assertThat(flags(same(entry(" HSDir", " HSDir MiddleOnly"))))
                .isEqualTo("BadExit Fast MiddleOnly Running Stable Valid");
        UnaryOperator<String> nobodyLists = entry(" HSDir", " HSDir MiddleOnly");
        assertThat(flags(same(body -> nobodyLists.apply(body).replace(" BadExit", ""))))
                .isEqualTo("Fast MiddleOnly Running Stable Valid");
    }

    @Test
    void aRelayWithoutAnAgreedIdentityIsMarked() throws Exception {
        UnaryOperator<String> other = entry("\nid ed25519 \\S+", "\nid ed25519 " + "A".repeat(42) + "E");
        UnaryOperator<String> another = entry("\nid ed25519 \\S+", "\nid ed25519 " + "A".repeat(42) + "I");
        assertThat(flags(List.of(other, another, NOTHING))).contains("NoEdConsensus");
        assertThat(flags(List.of(other, NOTHING, NOTHING))).doesNotContain("NoEdConsensus");
        // Who names another identity than the agreed one does not speak of this relay: not of its flags either.
        UnaryOperator<String> stale = entry(" Stable", " Stable StaleDesc");
        assertThat(flags(List.of(body -> stale.apply(other.apply(body)), stale, NOTHING)))
                .doesNotContain("StaleDesc");
        assertThat(flags(same(entry("\nid ed25519 \\S+", "\nid ed25519 none")))).doesNotContain("NoEdConsensus");
    }

    @Test
    void aNameBelongsToOneRelay() throws Exception {
        UnaryOperator<String> knows = body -> body.replace(" MiddleOnly", " MiddleOnly Named");
        UnaryOperator<String> both =
                body -> knows.apply(body).replace(" Sybil V2Dir Valid", " Sybil Unnamed V2Dir Valid");
        UnaryOperator<String> named = entry(" HSDir", " HSDir Named");
        UnaryOperator<String> unnamed = entry(" Stable", " Stable Unnamed");
        assertThat(flags(same(body -> named.apply(knows.apply(body))))).contains("Named");
        assertThat(flags(List.of(body -> named.apply(knows.apply(body)), knows, knows)))
                .contains("Named");
        assertThat(flags(same(body -> unnamed.apply(both.apply(body))))).contains("Unnamed");
    }

    @Test
    void measurementsCountFromThreeOnAndCapTheRest() throws Exception {
        assertThat(line("w", same(entry("\nw .*", "\nw Bandwidth=100 Measured=7"))))
                .isEqualTo("Bandwidth=7");
        UnaryOperator<String> unmeasured = entry("\nw .*", "\nw Bandwidth=100");
        assertThat(line("w", List.of(NOTHING, NOTHING, unmeasured))).endsWith(" Unmeasured=1");
        assertThat(line("w", same(unmeasured))).isEqualTo("Bandwidth=20 Unmeasured=1");
        assertThat(line("w", same(body -> unmeasured.apply(body).replaceAll(" Measured=\\d+", ""))))
                .isEqualTo("Bandwidth=100 Unmeasured=1");
    }

    @Test
    void fractionsCountFromThreeOnAndForGuards() throws Exception {
        UnaryOperator<String> none = entry(" GuardFraction=\\d+", "");
        assertThat(line("w", same(NOTHING))).contains(" GuardFraction=");
        assertThat(line("w", List.of(none, NOTHING, NOTHING))).doesNotContain("GuardFraction");
        assertThat(line("w", same(entry(" Guard ", " ")))).doesNotContain("GuardFraction");
    }

    @Test
    void aMicrodescriptorIsThatOfTheMethod() throws Exception {
        String all = "\nm 32,33,34,35 sha256=\\S+";
        UnaryOperator<String> two =
                entry(all, "\nm 32,33,34 sha256=" + "B".repeat(42) + "I\nm 35 sha256=" + "C".repeat(42) + "I");
        assertThat(consensus(same(two), Flavor.MICRODESC)).contains("\nm " + "C".repeat(42) + "I\n");
        UnaryOperator<String> old = body -> two.apply(body).replace("methods 32 33 34 35", "methods 32 33");
        assertThat(consensus(same(old), Flavor.MICRODESC))
                .contains("\nconsensus-method 33\n", "\nm " + "B".repeat(42) + "I\n");
        String without = consensus(same(entry(all, "")), Flavor.MICRODESC);
        assertThat(without).doesNotContain("\nr " + name());
        assertThat(consensus(same(entry(all, "")), Flavor.NS)).contains("\nr " + name());
    }

    @ParameterizedTest
    @CsvSource({"32 33 34 35, 32 33 34 35, 32, 32", "32 33, 33, 33 99, 33", "36, 36, 36, 35", "35 36, 35 36, 32 35, 35"
    })
    void theMethodIsTheHighestOfMoreThanTwoThirds(String a, String b, String c, int method) throws Exception {
        List<UnaryOperator<String>> changes = new ArrayList<>();
        for (String methods : List.of(a, b, c)) {
            changes.add(body -> body.replaceFirst("methods [0-9 ]+", "methods " + methods));
        }
        assertThat(consensus(changes, Flavor.NS)).contains("\nconsensus-method " + method + "\n");
    }

    @Test
    void oldMethodsTellTimesAndPackages() throws Exception {
        UnaryOperator<String> packages =
                body -> body.replaceFirst("\nknown-flags", "\npackage x 1 https://example.org/ sha256=a\nknown-flags");
        UnaryOperator<String> old = body -> packages.apply(body).replace("methods 32 33 34 35", "methods 32");
        assertThat(consensus(same(old), Flavor.MICRODESC))
                .contains("\npackage x 1 https://example.org/ sha256=a\n")
                .doesNotContain("2038-01-01");
        assertThat(consensus(same(packages), Flavor.MICRODESC))
                .doesNotContain("\npackage ")
                .contains(" 2038-01-01 ");
        assertThat(consensus(List.of(old, old, body -> old.apply(body).replace("sha256=a", "sha256=b")), Flavor.NS))
                .contains("sha256=a\n");
    }

    @Test
    void aParameterIsTheLowerMedianOfThoseWhoNameIt() throws Exception {
        List<UnaryOperator<String>> two = List.of(
                body -> body.replaceFirst("\nparams ", "\nparams A=3 "),
                body -> body.replaceFirst("\nparams ", "\nparams A=-4 "),
                NOTHING);
        assertThat(consensus(two, Flavor.NS)).contains("\nparams A=-4 ");
        List<Vote> votes = forged.votes(two);
        // Two of five are no majority and fewer than three.
        assertThat(new Election(votes, 5, false).consensus(Flavor.NS)).doesNotContain("A=");
    }

    @Test
    void aFreshSharedRandomValueNeedsMoreVoices() throws Exception {
        String value = "shared-rand-current-value 3 " + "A".repeat(43) + "=";
        UnaryOperator<String> names = body -> body.replaceFirst(
                "(\nshared-rand-participate)(?s:.*?)\ndir-key-cert", "$1\n" + value + "\ndir-key-cert");
        assertThat(consensus(List.of(names, names, NOTHING), Flavor.NS)).contains("\n" + value + "\n");
        assertThat(consensus(List.of(names, NOTHING, NOTHING), Flavor.NS)).doesNotContain("shared-rand");
        List<Vote> votes = forged.votes(List.of(names, names, NOTHING));
        UnaryOperator<String> all = body -> body.replace("PerAddr=0 ", "PerAddr=0 AuthDirNumSRVAgreements=3 ");
        List<Vote> wanting = forged.votes(List.of(b -> all.apply(names.apply(b)), b -> all.apply(names.apply(b)), all));
        assertThat(new Election(votes, 3, true).consensus(Flavor.NS)).contains(value);
        assertThat(new Election(wanting, 3, true).consensus(Flavor.NS)).doesNotContain("shared-rand");
        assertThat(new Election(wanting, 3, false).consensus(Flavor.NS)).contains(value);
    }

    /// The first relay's entry, changed in one place.
    private static UnaryOperator<String> entry(String pattern, String other) {
        return body -> {
            String[] parts = body.split("(?<=\n)(?=r )", -1);
            Matcher matcher = Pattern.compile(pattern).matcher(parts[1]);
            return matcher.find() ? body.replace(parts[1], matcher.replaceFirst(other)) : body;
        };
    }

    /// Does not list the first relay.
    private static String without(String body) {
        return body.replace(body.split("(?<=\n)(?=r )", -1)[1], "");
    }

    private static String name() {
        return forged.body().replaceFirst("(?s).*?\nr (\\S+) .*", "$1");
    }

    private static String of(String described) {
        return (described.endsWith("l") ? LOW : HIGH) + " " + (described.startsWith("A") ? OLD : NEW);
    }

    private static List<UnaryOperator<String>> same(UnaryOperator<String> change) {
        return List.of(change, change, change);
    }

    private static String consensus(List<UnaryOperator<String>> changes, Flavor flavor) throws Exception {
        return new Election(forged.votes(changes), 3, false).consensus(flavor);
    }

    private static String flags(List<UnaryOperator<String>> changes) throws Exception {
        return line("s", changes);
    }

    /// A line of the first relay.
    private static String line(String keyword, List<UnaryOperator<String>> changes) throws Exception {
        return consensus(changes, Flavor.NS)
                .replaceFirst("(?s).*?\nr " + name() + " .*?\n" + keyword + " (.*?)\n.*", "$1");
    }
}
