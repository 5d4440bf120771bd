package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.limits.Turns;
import sallyport.engine.link.Links;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.SelfTest;
import sallyport.engine.world.World;

/// The task that looks whether a relay can be reached, again and again until it was shown, and has it carry something
/// of its own, so that a relay that nobody uses has a bandwidth to publish.
final class SelfTesting {
    // C tor looks at reachability every minute.
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Duration INTERVAL_TESTING = Duration.ofSeconds(5);
    // C tor's BANDWIDTH_RECHECK_INTERVAL, and what it takes for a relay that nobody uses.
    private static final Duration BANDWIDTH_AGAIN = Duration.ofHours(12);
    private static final long LOW_BYTES_PER_SECOND = 51_200;

    // Ours: a test that succeeds does so within a second or two; one that does not lets others have their turn.
    private static final Duration TURN_MAX = Duration.ofSeconds(5);
    private static final Duration TURN_LOOK_INTERVAL = Duration.ofMillis(100);

    private final World world;
    private final EventLoop loop;
    private final Turns turns;
    private final DirectoryStore directory;
    private final Reachability reachability;
    private final LongSupplier observed;
    private final Duration interval;
    private final SelfTest test;
    private final BooleanSupplier awake;
    private long testedNanos;

    /// @param observed bytes per second, as the descriptor says them
    /// @param ourselves how others find the relay, as it is now
    /// @param awake whether it can be reached at all
    SelfTesting(
            Surroundings around,
            Links links,
            Reachability reachability,
            LongSupplier observed,
            Supplier<Hop> ourselves,
            BooleanSupplier awake) {
        this.awake = awake;
        this.world = around.world();
        this.loop = around.loop();
        this.turns = around.selfTests();
        this.directory = around.directory();
        this.reachability = reachability;
        this.observed = observed;
        this.interval = around.testing() ? INTERVAL_TESTING : INTERVAL;
        this.test = new SelfTest(world, loop, links, directory::index, ourselves);
        this.testedNanos = world.ticker().nanoTime();
    }

    /// Until it is cancelled.
    /// @param whenTested told of each test of reachability before it begins
    void run(Runnable whenTested) throws InterruptedException {
        while (true) {
            if (awake.getAsBoolean()) {
                look(whenTested);
            }
            world.tasks().sleep(interval);
        }
    }

    private void look(Runnable whenTested) throws InterruptedException {
        if (isDone()) {
            testAgainWhereDue();
        } else if (directory.index().size() > 0) {
            turns.take(world.tasks());
            try {
                if (!reachability.isShown()) {
                    whenTested.run();
                }
                loop.execute(test::launch);
                awaitDone();
            } finally {
                turns.leave();
            }
        }
    }

    private boolean isDone() {
        return reachability.isShown() && test.isBandwidthTested();
    }

    private void awaitDone() throws InterruptedException {
        long begin = world.nanoTime();
        while (!isDone() && world.nanoTime() - begin < TURN_MAX.toNanos()) {
            world.tasks().sleep(TURN_LOOK_INTERVAL);
        }
    }

    /// The observed bandwidth is a day's: who carries nothing would have none tomorrow.
    private void testAgainWhereDue() {
        long now = world.ticker().nanoTime();
        if (now - testedNanos >= BANDWIDTH_AGAIN.toNanos()) {
            testedNanos = now;
            if (observed.getAsLong() < LOW_BYTES_PER_SECOND) {
                loop.execute(test::again);
            }
        }
    }
}
