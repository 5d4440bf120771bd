package sallyport.lab.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.Destination;

/// Paths of a network made of a few lines: who may stand where, how often, and with whom.
class PathChooserTest {
    private static final Destination WEB = Destination.of("www.example", 80);
    private static final int DRAWS = 4000;
    private static final PathRules RULES = new PathRules(2, true, Set.of());

    private final PaperNetwork paper = new PaperNetwork();
    private final List<PathRelay> relays = paper.relays;

    @Test
    void exitsLetTheClientGoAndTheThreeAreDifferentRelays() {
        paper.someRelays(12);
        paper.add(100, "accept 80", "", "Guard", "Exit");
        paper.add(101, "accept 443", "", "Exit");
        PathChooser chooser = chooser(RULES);
        for (int i = 0; i < 200; i++) {
            List<PathRelay> path = choose(chooser, WEB);
            assertThat(path).hasSize(3).doesNotHaveDuplicates();
            assertThat(path.getLast().nickname()).isEqualTo("relay100");
            assertThat(path.getFirst().has("Guard")).isTrue();
        }
        assertThat(choose(chooser, Destination.of("www.example", 22))).isNull();
        assertThat(chooser.choose(paper.network(), WEB, Set.of(relays.get(12).fingerprint()), Set.of(), 0))
                .isNull();
    }

    @Test
    void badExitsAndExitsThatWereNotAskedForAreNeverTaken() {
        paper.someRelays(6);
        paper.add(100, "accept 80", "", "Exit", "BadExit");
        assertThat(choose(chooser(RULES), WEB)).isNull();
        paper.add(101, "accept 80", "", "Exit");
        paper.add(102, "accept 80", "", "Exit");
        PathRules one = new PathRules(2, true, Set.of(relays.getLast().fingerprint()));
        for (int i = 0; i < 50; i++) {
            assertThat(choose(chooser(one), WEB)).last().isEqualTo(relays.getLast());
        }
    }

    /// 127.0.0.0/8 has 256 networks of 16 bits, and a network on loopback only one of them.
    @Test
    void oneNetworkOfSixteenBitsGivesOneRelayUnlessThatIsTurnedOff() {
        for (int i = 0; i < 6; i++) {
            paper.add(i, "accept 80", "", 7, "Guard", "Exit");
        }
        assertThat(choose(chooser(RULES), WEB)).isNull();
        assertThat(choose(chooser(new PathRules(2, false, Set.of())), WEB)).hasSize(3);
    }

    @Test
    void aFamilyIsOneOnlyWhereBothSaySoOrHaveProvedIt() {
        paper.add(1, "accept 80", "family $" + PaperNetwork.fingerprint(2) + " relay3\n", "Guard");
        paper.add(2, "reject 1-65535", "family $" + PaperNetwork.fingerprint(1) + "\n", "Guard");
        paper.add(3, "reject 1-65535", "", "Guard");
        paper.add(4, "reject 1-65535", "family-ids ed25519:abc other:x\n", "Guard");
        paper.add(5, "reject 1-65535", "family-ids ed25519:abc\n", "Guard");

        assertThat(RULES.goTogether(relays.get(0), relays.get(1))).isFalse();
        assertThat(RULES.goTogether(relays.get(0), relays.get(2))).isTrue();
        assertThat(RULES.goTogether(relays.get(3), relays.get(4))).isFalse();
        assertThat(RULES.goTogether(relays.get(1), relays.get(3))).isTrue();
    }

    /// Four times the bandwidth, and at a place that counts it at a quarter: as often as the other.
    @Test
    void relaysAreDrawnByBandwidthAndThePlacesWeights() {
        paper.someRelays(4);
        paper.weights.put("Wed", 2_500);
        paper.weights.put("Wee", 10_000);
        paper.add(100, "accept 80", "", 100, 4_000, "Guard", "Exit");
        paper.add(101, "accept 80", "", 101, 1_000, "Exit");
        paper.add(102, "accept 80", "", 102, 2_000, "Exit");
        Map<String, Integer> drawn = new HashMap<>();
        PathChooser chooser = chooser(RULES);
        for (int i = 0; i < DRAWS; i++) {
            drawn.merge(choose(chooser, WEB).getLast().nickname(), 1, Integer::sum);
        }
        assertThat(drawn.get("relay100")).isBetween(DRAWS / 4 - 200, DRAWS / 4 + 200);
        assertThat(drawn.get("relay101")).isBetween(DRAWS / 4 - 200, DRAWS / 4 + 200);
        assertThat(drawn.get("relay102")).isBetween(DRAWS / 2 - 200, DRAWS / 2 + 200);
    }

    @Test
    void theFirstGuardIsKeptUntilItFailsAndTakenAgainLater() {
        paper.someRelays(10);
        paper.add(100, "accept 80", "", "Exit");
        PathChooser chooser = chooser(RULES);
        PathRelay first = choose(chooser, WEB).getFirst();
        for (int i = 0; i < 20; i++) {
            assertThat(choose(chooser, WEB)).first().isEqualTo(first);
        }
        chooser.guardFailed(first, 0);
        PathRelay second = choose(chooser, WEB).getFirst();
        assertThat(second).isNotEqualTo(first);
        chooser.guardFailed(second, 0);
        assertThat(choose(chooser, WEB)).isNotNull().first().isNotIn(first, second);
        assertThat(chooser.choose(
                        paper.network(), WEB, Set.of(), Set.of(), Guards.RETRY_NANOS + TimeUnit.SECONDS.toNanos(1)))
                .first()
                .isEqualTo(first);
    }

    /// For loads that are to cost little: the same rules without the middle.
    @Test
    void pathsOfTwoHaveNoMiddle() {
        paper.someRelays(3);
        paper.add(100, "accept 80", "", "Guard", "Exit");
        PathChooser chooser = chooser(RULES.withHops(2));
        List<PathRelay> path = choose(chooser, WEB);
        assertThat(path).hasSize(2).doesNotHaveDuplicates();
        assertThat(path.getFirst().has("Guard")).isTrue();
        assertThat(path.getLast().nickname()).isEqualTo("relay100");
        List<PathRelay> beside = chooser.another(paper.network(), List.of(path), Set.of(), 0);
        assertThat(beside).hasSize(2).last().isEqualTo(path.getLast());
        assertThat(beside).first().isNotEqualTo(path.getFirst());
    }

    /// A load that is to keep to the relays it tests: whoever they belong to, and nobody else.
    @Test
    void pathsWithinSomeRelaysLeadNowhereElse() {
        String family = "family-ids ed25519:abc\n";
        paper.someRelays(5);
        for (int i = 100; i < 103; i++) {
            paper.add(i, "accept 80", family, 7, "Guard", "Exit");
        }
        Set<String> fleet =
                Set.of(PaperNetwork.fingerprint(100), PaperNetwork.fingerprint(101), PaperNetwork.fingerprint(102));
        assertThat(choose(chooser(RULES), WEB)).isNotNull().first().isNotIn(relays.subList(5, 8));
        for (int hops : List.of(2, 3)) {
            PathChooser chooser = chooser(RULES.withHops(hops).within(fleet));
            for (int i = 0; i < 50; i++) {
                assertThat(choose(chooser, WEB))
                        .hasSize(hops)
                        .doesNotHaveDuplicates()
                        .isSubsetOf(relays.subList(5, 8));
            }
        }
        Set<String> two = Set.of(PaperNetwork.fingerprint(100), PaperNetwork.fingerprint(101));
        assertThat(choose(chooser(RULES.within(two)), WEB)).isNull();
    }

    /// One hop is what exits refuse, and four are no path of Tor.
    @Test
    void noOtherLengthIsAPath() {
        for (int hops : List.of(1, 4)) {
            assertThatThrownBy(() -> RULES.withHops(hops)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// As long as there are others: a network of three has none.
    @Test
    void relaysThatCouldNotBeReachedAreNoMiddleAndNoExit() {
        paper.someRelays(3);
        paper.add(100, "accept 80", "", "Exit");
        paper.add(101, "accept 80", "", "Exit");
        PathChooser chooser = chooser(RULES);
        Set<String> unreached = Set.of(PaperNetwork.fingerprint(100), PaperNetwork.fingerprint(1));
        for (int i = 0; i < 50; i++) {
            List<PathRelay> path = chooser.choose(paper.network(), WEB, Set.of(), unreached, 0);
            assertThat(path).hasSize(3);
            assertThat(path.subList(1, 3)).noneMatch(relay -> unreached.contains(relay.fingerprint()));
        }
        Set<String> all = Set.copyOf(relays.stream().map(PathRelay::fingerprint).toList());
        assertThat(chooser.choose(paper.network(), WEB, Set.of(), all, 0)).hasSize(3);
    }

    private @Nullable List<PathRelay> choose(PathChooser chooser, Destination to) {
        return chooser.choose(paper.network(), to, Set.of(), Set.of(), 0);
    }

    private static PathChooser chooser(PathRules rules) {
        return new PathChooser(new PaperNetwork.Seeded(), rules);
    }
}
