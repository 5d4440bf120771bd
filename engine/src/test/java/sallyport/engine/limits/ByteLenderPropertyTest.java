package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What relays pass of what the process may, round by round: never more in all, and max-min fair.
class ByteLenderPropertyTest {
    private static final int ROUNDS_PER_SECOND = 50;
    private static final long ROUND_NANOS = BandwidthBudget.ROUND.toNanos();
    private static final int PIECE = Throttle.SHARE_BYTES_MAX;
    /// Within a fifth of a second everybody has what is his.
    private static final int SETTLED_ROUNDS = 10;

    private final ByteLender lender = new ByteLender();
    private final List<Relay> relays = new ArrayList<>();
    private long now = 1_000;

    private final class Relay {
        final ByteLease lease = lender.open();
        long wants;
        long passed;

        Relay() {
            relays.add(this);
        }

        /// Passes whole pieces for as long as there is something, as a throttle does.
        void pass() {
            long most = wants;
            while (most > 0 && lease.bytes() > 0) {
                long piece = Math.min(most, PIECE);
                lease.took(piece);
                passed += piece;
                most -= piece;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void allTogetherNeverPassMoreThanTheRateInAnyTime(long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(40);
        Rate rate = new Rate(count * (75L << 10) + random.nextLong(200L << 20), count * (75L << 10) + (1L << 20));
        for (int i = 0; i < count; i++) {
            new Relay();
        }
        lender.follow(rate, now);
        long most = rate.burstBytes() + (long) count * PIECE;
        double lowest = 0;
        double elapsed = 0;
        for (int round = 0; round < 2_000; round++) {
            if (random.nextInt(10) == 0) {
                relays.get(random.nextInt(count)).wants = random.nextBoolean() ? 0 : 1L << random.nextInt(30);
            }
            relays.forEach(Relay::pass);
            long nanos = random.nextLong(3 * ROUND_NANOS);
            double owed = passedByAll() - elapsed * rate.bytesPerSecond() / 1e9;
            assertThat((long) (owed - lowest)).as("round %d", round).isLessThanOrEqualTo(most);
            elapsed += nanos;
            lowest = Math.min(lowest, passedByAll() - elapsed * rate.bytesPerSecond() / 1e9);
            now += nanos;
            lender.deal(now);
        }
    }

    @Test
    void whatOneDoesNotUseTheOtherHasAndGivesBack() {
        Relay greedy = new Relay();
        Relay other = new Relay();
        long rate = 100L << 20;
        lender.follow(new Rate(rate, rate), now);
        greedy.wants = Long.MAX_VALUE / 2;
        run(4 * ROUNDS_PER_SECOND);
        assertThat(passedWithin(greedy, 5 * ROUNDS_PER_SECOND)).isCloseTo(5 * rate, within(rate / 50));
        assertThat(other.lease.bytes()).as("enough to begin at once").isEqualTo(ByteLender.FIRST_BYTES_MAX);

        other.wants = Long.MAX_VALUE / 2;
        run(SETTLED_ROUNDS);
        assertThat(passedWithin(other, ROUNDS_PER_SECOND)).isCloseTo(rate / 2, within(rate / 50));

        other.wants = 0;
        run(SETTLED_ROUNDS);
        assertThat(passedWithin(greedy, ROUNDS_PER_SECOND)).isCloseTo(rate, within(rate / 50));
    }

    /// Max-min: who wants less than an equal part has it all, the rest is divided equally.
    @Test
    void whoWantsLittleHasItAndTheBusyHaveEqualParts() {
        long rate = 50L << 20;
        Relay modest = new Relay();
        modest.wants = rate / 10 / ROUNDS_PER_SECOND;
        List<Relay> greedy = List.of(new Relay(), new Relay(), new Relay());
        greedy.forEach(relay -> relay.wants = Long.MAX_VALUE / 2);
        lender.follow(new Rate(rate, rate), now);
        run(2 * ROUNDS_PER_SECOND);
        long before = passedByAll();
        List<Long> each = greedy.stream().map(relay -> relay.passed).toList();
        assertThat(passedWithin(modest, 2 * ROUNDS_PER_SECOND)).isCloseTo(rate / 5, within(rate / 100));
        assertThat(passedByAll() - before).isCloseTo(2 * rate, within(rate / 50));
        for (int i = 0; i < 3; i++) {
            assertThat(greedy.get(i).passed - each.get(i)).isCloseTo(rate * 3 / 5, within(rate / 50));
        }
    }

    /// One that has stopped keeps nothing, and one that comes begins within a round.
    @Test
    void relaysComeAndGo() {
        long rate = 10L << 20;
        Relay first = new Relay();
        lender.follow(new Rate(rate, rate), now);
        Relay second = new Relay();
        assertThat(second.lease.bytes()).isZero();
        run(1);
        assertThat(second.lease.bytes()).isEqualTo(ByteLender.FIRST_BYTES_MAX);
        first.wants = Long.MAX_VALUE / 2;
        second.wants = Long.MAX_VALUE / 2;
        run(3 * ROUNDS_PER_SECOND);
        assertThat(lender.isShort()).isTrue();
        relays.remove(second);
        lender.close(second.lease);
        assertThat(passedWithin(first, ROUNDS_PER_SECOND)).isCloseTo(rate, within(rate / 20));
    }

    /// A reload sets, changes and lifts the limit; nobody pays for what he passed before there was one.
    @Test
    void theLimitComesAndGoes() {
        Relay relay = new Relay();
        relay.wants = Long.MAX_VALUE / 2;
        assertThat(lender.isLimited()).isFalse();
        relay.lease.took(1L << 40);
        lender.follow(new Rate(1 << 20, 1 << 20), now);
        assertThat(relay.lease.bytes()).isPositive();
        run(3 * ROUNDS_PER_SECOND);
        lender.follow(new Rate(8 << 20, 8 << 20), now);
        run(SETTLED_ROUNDS);
        assertThat(passedWithin(relay, ROUNDS_PER_SECOND)).isCloseTo(8L << 20, within(1L << 18));
        lender.follow(BandwidthBudget.NO_LIMIT, now);
        assertThat(lender.isLimited()).isFalse();
    }

    private long passedByAll() {
        return relays.stream().mapToLong(relay -> relay.passed).sum();
    }

    private long passedWithin(Relay relay, int rounds) {
        long before = relay.passed;
        run(rounds);
        return relay.passed - before;
    }

    private void run(int rounds) {
        for (int i = 0; i < rounds; i++) {
            relays.forEach(Relay::pass);
            now += ROUND_NANOS;
            lender.deal(now);
        }
    }
}
