package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Who may pass when, in virtual time: the rate holds, and it is shared max-min fair.
class ThrottleTest {
    private static final long RATE = 1 << 20;
    private static final long BURST = 1 << 18;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel clockwork =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final ByteLender lender = new ByteLender();
    private int empties;
    private final Throttle throttle = new Throttle(clockwork.eventLoop(), lender.open(), () -> empties++);

    /// Sends what it has, a share at a time, as a link does.
    private final class Sender extends Throttled {
        private final boolean later;
        final AtomicBoolean relays;
        long wanted;
        long sent;
        int shareMax;

        Sender(boolean relayed, boolean privatePeer, boolean later) {
            this(new AtomicBoolean(relayed), privatePeer, later);
        }

        Sender(AtomicBoolean relays, boolean privatePeer, boolean later) {
            super(throttle, relays::get, privatePeer);
            this.relays = relays;
            this.later = later;
        }

        void send(long bytes) {
            boolean idle = wanted == 0;
            wanted += bytes;
            if (idle) {
                goOn();
            }
        }

        private void goOn() {
            while (wanted > 0 && mayGo()) {
                share();
            }
        }

        private void share() {
            int bytes = (int) Math.min(wanted, shareBytes());
            shareMax = Math.max(shareMax, bytes);
            took(bytes);
            sent += bytes;
            wanted -= bytes;
        }

        @Override
        protected boolean go() {
            if (later) {
                clockwork.eventLoop().execute(this::pass);
            } else {
                pass();
            }
            return later;
        }

        private void pass() {
            share();
            goOn();
        }
    }

    @Test
    void theRateHoldsAndTheBurstGoesAtOnce() {
        throttle.follow(links(RATE, BURST));
        Sender sender = new Sender(true, false, false);
        sender.send(Long.MAX_VALUE / 2);

        assertThat(sender.sent).isBetween(BURST, BURST + Throttle.SHARE_BYTES_MIN);
        pass(10_000);
        assertThat(sender.sent).isCloseTo(BURST + 10 * RATE, within((long) Throttle.SHARE_BYTES_MAX));
        assertThat(sender.shareMax).isEqualTo(Throttle.SHARE_BYTES_MAX);
    }

    /// After a pause as much as the burst goes at once, and no more.
    @Test
    void whatWasNotUsedIsKeptUpToTheBurst() {
        throttle.follow(links(RATE, BURST));
        Sender sender = new Sender(true, false, false);
        sender.send(BURST);
        pass(3_600_000);
        sender.send(Long.MAX_VALUE / 2);
        assertThat(sender.sent - BURST).isBetween(BURST, BURST + Throttle.SHARE_BYTES_MIN);
    }

    /// Max-min fair: who wants less than an equal part gets all of it, the rest is divided equally among
    /// the others.
    @Test
    void whoWantsLittleGetsItAndTheOthersGetEqualParts() {
        for (boolean later : List.of(false, true)) {
            throttle.follow(links(RATE, BURST));
            List<Sender> greedy = IntStream.range(0, 5)
                    .mapToObj(_ -> new Sender(true, false, later))
                    .toList();
            Sender modest = new Sender(true, false, later);
            greedy.forEach(sender -> sender.send(Long.MAX_VALUE / 2));
            pass(1000);
            long[] before = greedy.stream().mapToLong(sender -> sender.sent).toArray();
            long aTenth = RATE / 10 / 100;
            for (int i = 0; i < 1000; i++) {
                modest.send(aTenth);
                pass(10);
            }
            assertThat(modest.sent).as("later %s", later).isGreaterThan(990 * aTenth);
            long part = (10 * RATE - modest.sent) / 5;
            for (int i = 0; i < 5; i++) {
                assertThat(greedy.get(i).sent - before[i])
                        .as("later %s, %d", later, i)
                        .isCloseTo(part, within(part / 20));
            }
            greedy.forEach(Throttled::leave);
            modest.leave();
        }
    }

    /// Whoever asks often must not live on what others wait for.
    @Test
    void nobodyOvertakesThoseWhoWait() {
        throttle.follow(links(RATE, BURST));
        Sender first = new Sender(true, false, false);
        Sender second = new Sender(true, false, false);
        first.send(Long.MAX_VALUE / 2);
        pass(100);
        ticker.advance(Throttle.TICK_MILLIS - 1, TimeUnit.MILLISECONDS);
        second.send(1);
        assertThat(second.sent).isZero();
        pass(10);
        assertThat(second.sent).isEqualTo(1);
    }

    /// What C tor calls relayed traffic: a relay that exits reads its servers although its links are at
    /// their limit.
    @Test
    void theLimitOfLinksHoldsUpNobodyElse() {
        throttle.follow(links(RATE, BURST));
        Sender link = new Sender(true, false, false);
        Sender server = new Sender(false, false, false);
        link.send(Long.MAX_VALUE / 2);
        server.send(10 * RATE);
        pass(100);
        assertThat(server.sent).isEqualTo(10 * RATE);
        assertThat(link.isWaiting()).isTrue();
        assertThat(empties)
                .as("only the limit of everything counts as overload")
                .isZero();
    }

    /// A link that a circuit of our own begins to use while it waits, and leaves again.
    @Test
    void aLinkThatWeUseOurselvesIsNotRelayedTraffic() {
        throttle.follow(links(RATE, BURST));
        Sender ours = new Sender(true, false, false);
        Sender other = new Sender(true, false, false);
        other.send(Long.MAX_VALUE / 2);
        ours.send(10 * RATE);
        assertThat(ours.isWaiting()).isTrue();
        ours.relays.set(false);
        pass(100);
        assertThat(ours.wanted).isZero();
        assertThat(other.sent).isLessThan(RATE);
    }

    /// It lined up as one and leaves as the other: whoever waits for nothing but links must not wait for
    /// it.
    @Test
    void aLinkThatWeNoLongerUseLeavesNobodyInTheLine() {
        throttle.follow(new BandwidthRates(new Rate(RATE, BURST), new Rate(RATE / 4, BURST / 4), RATE, 0, 0, true));
        Sender ours = new Sender(true, false, false);
        ours.relays.set(false);
        ours.send(Long.MAX_VALUE / 2);
        assertThat(ours.isWaiting()).isTrue();
        ours.relays.set(true);
        ours.leave();
        Sender link = new Sender(true, false, false);
        link.send(Long.MAX_VALUE / 2);
        pass(1000);
        assertThat(link.isWaiting()).isTrue();
        Sender server = new Sender(false, false, false);
        server.send(1);
        assertThat(server.sent).isEqualTo(1);
    }

    @Test
    void theLimitOfEverythingHoldsForBothTogether() {
        throttle.follow(new BandwidthRates(new Rate(RATE, BURST), Rate.UNLIMITED, RATE, 0, 0, true));
        Sender link = new Sender(true, false, false);
        Sender server = new Sender(false, false, false);
        link.send(Long.MAX_VALUE / 2);
        server.send(Long.MAX_VALUE / 2);
        pass(10_000);
        assertThat(link.sent + server.sent).isCloseTo(BURST + 10 * RATE, within((long) Throttle.SHARE_BYTES_MAX));
        assertThat(server.sent).isCloseTo(5 * RATE, within(BURST));
        assertThat(empties).isPositive();
    }

    @Test
    void withoutALimitNobodyWaits() {
        Sender sender = new Sender(true, false, false);
        assertThat(sender.isLimited()).isFalse();
        sender.send(1L << 40);
        assertThat(sender.sent).isEqualTo(1L << 40);
    }

    /// A reload may set, change and lift limits while connections are open and wait.
    @Test
    void limitsComeAndGoWhileConnectionsWait() {
        Sender sender = new Sender(true, false, false);
        throttle.follow(links(RATE, BURST));
        sender.send(100 * RATE);
        throttle.follow(links(4 * RATE, BURST));
        long before = sender.sent;
        pass(1000);
        assertThat(sender.sent - before).isCloseTo(4 * RATE, within((long) Throttle.SHARE_BYTES_MAX));
        throttle.follow(BandwidthRates.UNLIMITED);
        pass(0);
        assertThat(sender.sent).isEqualTo(100 * RATE);
        assertThat(sender.isWaiting()).isFalse();
    }

    @Test
    void privateAddressesAreLimitedOnlyWhereTheyCount() {
        throttle.follow(new BandwidthRates(new Rate(RATE, BURST), Rate.UNLIMITED, RATE, 0, 0, false));
        Sender near = new Sender(true, true, false);
        near.send(100 * RATE);
        assertThat(near.sent).isEqualTo(100 * RATE);
        assertThat(near.isCounted()).isFalse();
        throttle.follow(links(RATE, BURST));
        assertThat(near.isCounted()).isTrue();
        assertThat(near.isLimited()).isTrue();
    }

    /// C tor's PerConnBWRate.
    @Test
    void aConnectionWithARateOfItsOwnWaitsAlone() {
        Sender slow = new Sender(true, false, false);
        Sender free = new Sender(true, false, false);
        slow.followOwn(new Rate(RATE, BURST));
        slow.send(100 * RATE);
        free.send(100 * RATE);
        assertThat(free.sent).isEqualTo(100 * RATE);
        pass(2000);
        assertThat(slow.sent).isCloseTo(BURST + 2 * RATE, within((long) Throttle.SHARE_BYTES_MAX));
        slow.followOwn(null);
        pass(10);
        assertThat(slow.wanted).isZero();
    }

    /// Whoever closes while it waits is not called any more, and keeps nobody waiting.
    @Test
    void whoLeavesIsForgotten() {
        throttle.follow(links(RATE, BURST));
        Sender gone = new Sender(true, false, false);
        gone.send(Long.MAX_VALUE / 2);
        long sent = gone.sent;
        gone.leave();
        pass(1000);
        assertThat(gone.sent).isEqualTo(sent);
        assertThat(gone.isWaiting()).isFalse();
    }

    /// All relays of the process together have a limit, beside or above the relay's own.
    @Test
    void whatTheRelayIsLentIsAllThatPasses() {
        throttle.follow(new BandwidthRates(new Rate(4 * RATE, BURST), Rate.UNLIMITED, RATE, 0, 0, true));
        lender.follow(new Rate(RATE, BURST), ticker.nanoTime());
        Sender sender = new Sender(true, false, false);
        sender.send(Long.MAX_VALUE / 2);
        for (int i = 0; i < 500; i++) {
            pass(20);
            lender.deal(ticker.nanoTime());
        }
        assertThat(sender.sent).isCloseTo(BURST + 10 * RATE, within(BURST));
        assertThat(empties).as("the process's limit, too, counts as overload").isPositive();

        long before = sender.sent;
        lender.follow(BandwidthBudget.NO_LIMIT, ticker.nanoTime());
        pass(1000);
        assertThat(sender.sent - before).as("its own limit stays").isCloseTo(4 * RATE, within(BURST));
    }

    private static BandwidthRates links(long rate, long burst) {
        return new BandwidthRates(Rate.UNLIMITED, new Rate(rate, burst), rate, 0, 0, true);
    }

    private void pass(int millis) {
        for (int i = 0; i <= millis; i++) {
            clockwork.runPendingTasks();
            clockwork.runScheduledPendingTasks();
            if (i < millis) {
                ticker.advance(1, TimeUnit.MILLISECONDS);
            }
        }
    }
}
