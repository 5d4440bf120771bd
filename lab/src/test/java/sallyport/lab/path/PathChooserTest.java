package sallyport.lab.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.Destination;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.ProtocolVersions;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.engine.world.Entropy;

/// Paths of a network made of a few lines: who may stand where, how often, and with whom.
class PathChooserTest {
    private static final Destination WEB = Destination.of("www.example", 80);
    private static final int DRAWS = 4000;
    private static final PathRules RULES = new PathRules(2, true, Set.of());

    private final List<PathRelay> relays = new ArrayList<>();
    private final Map<String, Integer> weights = new HashMap<>();

    @Test
    void exitsLetTheClientGoAndTheThreeAreDifferentRelays() {
        someRelays(12);
        add(100, "accept 80", "", "Guard", "Exit");
        add(101, "accept 443", "", "Exit");
        PathChooser chooser = chooser(RULES);
        for (int i = 0; i < 200; i++) {
            List<PathRelay> path = choose(chooser, WEB);
            assertThat(path).hasSize(3).doesNotHaveDuplicates();
            assertThat(path.getLast().nickname()).isEqualTo("relay100");
            assertThat(path.getFirst().has("Guard")).isTrue();
        }
        assertThat(choose(chooser, Destination.of("www.example", 22))).isNull();
        assertThat(chooser.choose(network(), WEB, Set.of(relays.get(12).fingerprint()), 0))
                .isNull();
    }

    @Test
    void badExitsAndExitsThatWereNotAskedForAreNeverTaken() {
        someRelays(6);
        add(100, "accept 80", "", "Exit", "BadExit");
        assertThat(choose(chooser(RULES), WEB)).isNull();
        add(101, "accept 80", "", "Exit");
        add(102, "accept 80", "", "Exit");
        PathRules one = new PathRules(2, true, Set.of(relays.getLast().fingerprint()));
        for (int i = 0; i < 50; i++) {
            assertThat(choose(chooser(one), WEB)).last().isEqualTo(relays.getLast());
        }
    }

    /// 127.0.0.0/8 has 256 networks of 16 bits, and a network on loopback only one of them.
    @Test
    void oneNetworkOfSixteenBitsGivesOneRelayUnlessThatIsTurnedOff() {
        for (int i = 0; i < 6; i++) {
            add(i, "accept 80", "", 7, "Guard", "Exit");
        }
        assertThat(choose(chooser(RULES), WEB)).isNull();
        assertThat(choose(chooser(new PathRules(2, false, Set.of())), WEB)).hasSize(3);
    }

    @Test
    void aFamilyIsOneOnlyWhereBothSaySoOrHaveProvedIt() {
        add(1, "accept 80", "family $" + fingerprint(2) + " relay3\n", "Guard");
        add(2, "reject 1-65535", "family $" + fingerprint(1) + "\n", "Guard");
        add(3, "reject 1-65535", "", "Guard");
        add(4, "reject 1-65535", "family-ids ed25519:abc other:x\n", "Guard");
        add(5, "reject 1-65535", "family-ids ed25519:abc\n", "Guard");

        assertThat(RULES.goTogether(relays.get(0), relays.get(1))).isFalse();
        assertThat(RULES.goTogether(relays.get(0), relays.get(2))).isTrue();
        assertThat(RULES.goTogether(relays.get(3), relays.get(4))).isFalse();
        assertThat(RULES.goTogether(relays.get(1), relays.get(3))).isTrue();
    }

    /// Four times the bandwidth, and at a place that counts it at a quarter: as often as the other.
    @Test
    void relaysAreDrawnByBandwidthAndThePlacesWeights() {
        someRelays(4);
        weights.put("Wed", 2_500);
        weights.put("Wee", 10_000);
        add(100, "accept 80", "", 100, 4_000, "Guard", "Exit");
        add(101, "accept 80", "", 101, 1_000, "Exit");
        add(102, "accept 80", "", 102, 2_000, "Exit");
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
        someRelays(10);
        add(100, "accept 80", "", "Exit");
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
        assertThat(chooser.choose(network(), WEB, Set.of(), Guards.RETRY_NANOS + TimeUnit.SECONDS.toNanos(1)))
                .first()
                .isEqualTo(first);
    }

    private void someRelays(int count) {
        for (int i = 0; i < count; i++) {
            add(i, "reject 1-65535", "", "Guard");
        }
    }

    private void add(int number, String ports, String family, String... flags) {
        add(number, ports, family, number, flags);
    }

    private void add(int number, String ports, String family, int network, String... flags) {
        add(number, ports, family, network, 1_000, flags);
    }

    private void add(int number, String ports, String family, int network, int bandwidthKb, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("Running", "Valid", "Fast"));
        RouterStatus status = new RouterStatus(
                identity(number),
                "relay" + number,
                List.of(new RelayAddress(new byte[] {10, (byte) network, 0, (byte) number}, 9001)),
                Set.copyOf(all),
                bandwidthKb,
                new ProtocolVersions("Relay=1-4 FlowCtrl=1-2"));
        relays.add(PathRelay.of(status, microdescriptor(number, ports, family)));
    }

    private static Microdescriptor microdescriptor(int number, String ports, String family) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(key);
        String text =
                "onion-key\nntor-onion-key " + base64 + "\n" + family + "p " + ports + "\nid ed25519 " + base64 + "\n";
        try {
            return Microdescriptor.parseAll(text.getBytes(StandardCharsets.US_ASCII))
                    .getFirst();
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] identity(int number) {
        byte[] identity = new byte[20];
        identity[0] = (byte) number;
        identity[19] = 1;
        return identity;
    }

    private static String fingerprint(int number) {
        return Hex.upper(identity(number));
    }

    private PathRelays network() {
        return new PathRelays(relays, relays.size(), new NetworkParameters(weights), NetworkParameters.NONE);
    }

    private @Nullable List<PathRelay> choose(PathChooser chooser, Destination to) {
        return chooser.choose(network(), to, Set.of(), 0);
    }

    private static PathChooser chooser(PathRules rules) {
        return new PathChooser(new Seeded(), rules);
    }

    /// The same numbers each time.
    private static final class Seeded implements Entropy {
        private final Random random = new Random(5);

        @Override
        public void secret(byte[] out, int offset, int length) {
            padding(out, offset, length);
        }

        @Override
        public long jitter(long bound) {
            return random.nextLong(bound);
        }

        @Override
        public void padding(byte[] out, int offset, int length) {
            for (int i = 0; i < length; i++) {
                out[offset + i] = (byte) random.nextInt();
            }
        }
    }
}
