package sallyport.lab.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;

/// Every relay has its turn, a new one at once, each at all of its addresses; and no relay keeps the others
/// from theirs.
class RelayProberTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String OWN = "0001" + "00".repeat(18);
    private static final byte[] ED25519 = new byte[32];
    private static final RelayAddress IPV4 = address("192.0.2.1");
    private static final RelayAddress IPV6 = address("2001:db8::1");

    private final Map<String, ProbeTarget> known = new LinkedHashMap<>();
    private final Set<String> untested = new TreeSet<>();
    private final List<String> reached = new ArrayList<>();
    private final List<Tried> tried = new ArrayList<>();
    private long now = -5 * SECOND;

    /// A link that was asked for.
    private record Tried(RelayAddress address, String fingerprint, CompletableFuture<byte[]> answer) {}

    private final ProbedRelays relays = new ProbedRelays() {
        @Override
        public Collection<ProbeTarget> all() {
            return List.copyOf(known.values());
        }

        @Override
        public @Nullable ProbeTarget of(String fingerprint) {
            return known.get(fingerprint);
        }

        @Override
        public Set<String> untested() {
            Set<String> once = Set.copyOf(untested);
            untested.clear();
            return once;
        }

        @Override
        public void reached(String fingerprint, byte[] ed25519, RelayAddress at) {
            assertThat(ed25519).isSameAs(ED25519);
            reached.add(fingerprint + " " + at);
        }
    };

    /// C tor's rhythm: 128 ticks of ten seconds, in each the relays whose identity begins with that byte.
    @Test
    void eachHasItsTurnInTwentyOneMinutes() {
        for (int first = 0; first < 256; first++) {
            know(first, IPV4);
        }
        RelayProber prober = prober(false);
        for (int tick = 0; tick < 2 * ProbeQueue.PARTS; tick++) {
            prober.step(now);
            assertThat(tried).hasSize(2);
            int part = tick % ProbeQueue.PARTS;
            assertThat(tried.stream().map(Tried::fingerprint))
                    .containsExactly(fingerprint(part), fingerprint(part + ProbeQueue.PARTS));
            answerAll();
            now += 9 * SECOND;
            prober.step(now);
            assertThat(tried).as("before the next tick").isEmpty();
            now += SECOND;
        }
        assertThat(reached).hasSize(512);
    }

    @Test
    void aNewOneIsTriedAtOnceAndOnlyOnce() {
        RelayProber prober = prober(false);
        prober.step(now);
        know(77, IPV4);
        untested.add(fingerprint(77));
        untested.add(fingerprint(78));
        now += SECOND;
        assertThat(prober.step(now)).as("answers are awaited").isLessThan(Duration.ofSeconds(1));
        assertThat(tried).hasSize(1);
        // It says something else meanwhile: it waits until this try is over.
        untested.add(fingerprint(77));
        prober.step(now);
        assertThat(tried).hasSize(1);
        answerAll();
        prober.step(now);
        assertThat(tried).hasSize(1);
        answerAll();
        assertThat(prober.step(now)).isEqualTo(Duration.ofSeconds(1));
        assertThat(tried).isEmpty();
        assertThat(reached).containsExactly(fingerprint(77) + " " + IPV4, fingerprint(77) + " " + IPV4);
    }

    @Test
    void allAddressesAreTriedOneAfterTheOther() {
        know(0, IPV4, IPV6);
        RelayProber prober = prober(true);
        prober.step(now);
        assertThat(tried.stream().map(Tried::address)).containsExactly(IPV4);
        tried.removeFirst().answer().completeExceptionally(new IOException("nobody"));
        prober.step(now);
        assertThat(tried.stream().map(Tried::address)).containsExactly(IPV6);
        answerAll();
        prober.step(now);
        assertThat(reached).containsExactly(fingerprint(0) + " " + IPV6);
    }

    @Test
    void withoutIpv6OnlyIpv4IsTried() {
        know(0, IPV4, IPV6);
        RelayProber prober = prober(false);
        prober.step(now);
        answerAll();
        prober.step(now);
        assertThat(tried).isEmpty();
        assertThat(reached).containsExactly(fingerprint(0) + " " + IPV4);
    }

    @Test
    void ourselvesAreNotTried() {
        byte[] own = identity(0);
        own[1] = 1;
        known.put(OWN, new ProbeTarget(own, List.of(IPV4)));
        untested.add(OWN);
        prober(false).step(now);
        assertThat(tried).isEmpty();
    }

    /// Relays that take a link and say nothing hold up to 32 places, for two minutes.
    @Test
    void thoseThatDoNotAnswerAreGivenUp() {
        for (int each = 0; each < ProbeQueue.UNDER_WAY_MAX + 10; each++) {
            know(each, IPV4);
            untested.add(fingerprint(each));
        }
        RelayProber prober = prober(false);
        prober.step(now);
        assertThat(tried).hasSize(ProbeQueue.UNDER_WAY_MAX);
        tried.clear();
        now += 120 * SECOND;
        prober.step(now);
        assertThat(tried).isEmpty();
        now += 1;
        prober.step(now);
        assertThat(tried).hasSizeGreaterThanOrEqualTo(10);
        assertThat(reached).isEmpty();
    }

    private RelayProber prober(boolean ipv6) {
        return new RelayProber(
                (address, rsaDigest) -> {
                    tried.add(new Tried(address, Hex.upper(rsaDigest), new CompletableFuture<>()));
                    return tried.getLast().answer();
                },
                relays,
                OWN,
                ipv6);
    }

    private void answerAll() {
        tried.forEach(each -> each.answer().complete(ED25519));
        tried.clear();
    }

    private void know(int first, RelayAddress... addresses) {
        ProbeTarget target = new ProbeTarget(identity(first), List.of(addresses));
        known.put(target.fingerprint(), target);
    }

    private static byte[] identity(int first) {
        byte[] identity = new byte[20];
        identity[0] = (byte) first;
        return identity;
    }

    private static String fingerprint(int first) {
        return Hex.upper(identity(first));
    }

    private static RelayAddress address(String ip) {
        return Objects.requireNonNull(RelayAddress.parseIp(ip, 9_001));
    }
}
