package sallyport.lab.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.Destination;
import sallyport.engine.world.Entropy;
import sallyport.lab.guard.Guards;

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
        assertThat(chooser.choose(paper.network(), WEB, Set.of(relays.get(12).fingerprint()), Set.of()))
                .isEqualTo(PathChoice.None.NO_RELAYS);
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

    /// For loads that are to cost little: the same rules without the middle.
    @Test
    void pathsOfTwoHaveNoMiddle() {
        paper.someRelays(3);
        paper.add(100, "accept 80", "", "Guard", "Exit");
        PathChooser chooser = chooser(RULES.withHops(2));
        Path path = (Path) chooser.choose(paper.network(), WEB, Set.of(), Set.of());
        assertThat(path.relays()).hasSize(2).doesNotHaveDuplicates();
        assertThat(path.relays().getFirst().has("Guard")).isTrue();
        assertThat(path.exit().nickname()).isEqualTo("relay100");
        Path beside = chooser.another(paper.network(), List.of(path), Set.of());
        assertThat(beside.relays()).hasSize(2).last().isEqualTo(path.exit());
        assertThat(beside.relays()).first().isNotEqualTo(path.relays().getFirst());
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

    /// A sample has twenty guards at most here, and the family of the exit has more.
    @Test
    void whoKeepsToAnExitSamplesNoGuardsOfItsFamily() {
        String family = "family-ids ed25519:abc\n";
        for (int i = 100; i < 160; i++) {
            paper.add(i, "accept 80", family, "Guard", "Exit");
        }
        paper.add(1, "reject 1-65535", "", "Guard");
        paper.add(2, "reject 1-65535", "");
        PathRules rules = new PathRules(0, true, Set.of(PaperNetwork.fingerprint(100)));
        for (int i = 0; i < 20; i++) {
            assertThat(choose(chooser(rules), WEB))
                    .isNotNull()
                    .containsExactly(relays.get(60), relays.get(61), relays.getFirst());
        }
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
            List<PathRelay> path = relays(chooser.choose(paper.network(), WEB, Set.of(), unreached));
            assertThat(path).hasSize(3);
            assertThat(path.subList(1, 3)).noneMatch(relay -> unreached.contains(relay.fingerprint()));
        }
        Set<String> all = Set.copyOf(relays.stream().map(PathRelay::fingerprint).toList());
        assertThat(relays(chooser.choose(paper.network(), WEB, Set.of(), all))).hasSize(3);
    }

    private @Nullable List<PathRelay> choose(PathChooser chooser, Destination to) {
        return relays(chooser.choose(paper.network(), to, Set.of(), Set.of()));
    }

    private static @Nullable List<PathRelay> relays(PathChoice choice) {
        return choice instanceof Path path ? path.relays() : null;
    }

    private static PathChooser chooser(PathRules rules) {
        Entropy entropy = new PaperNetwork.Seeded();
        return new PathChooser(
                entropy, rules, new Guards(entropy, () -> PaperNetwork.NOW, () -> 0, rules.guards(), List.of()));
    }
}
