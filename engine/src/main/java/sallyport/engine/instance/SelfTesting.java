package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Supplier;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.link.Links;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.SelfTest;
import sallyport.engine.world.World;

/// The task that looks whether a relay can be reached, again and again until it was shown.
final class SelfTesting {
    // C tor looks at reachability every minute.
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Duration INTERVAL_TESTING = Duration.ofSeconds(5);

    private final World world;
    private final EventLoop loop;
    private final DirectoryStore directory;
    private final Reachability reachability;
    private final Duration interval;
    private final SelfTest test;

    /// @param ourselves how others find the relay, as it is now
    SelfTesting(Surroundings around, Links links, Reachability reachability, Supplier<Hop> ourselves) {
        this.world = around.world();
        this.loop = around.loop();
        this.directory = around.directory();
        this.reachability = reachability;
        this.interval = around.testing() ? INTERVAL_TESTING : INTERVAL;
        this.test = new SelfTest(world, loop, links, directory::index, ourselves);
    }

    /// Until it is cancelled.
    /// @param whenTested told of each test before it begins
    void run(Runnable whenTested) throws InterruptedException {
        while (true) {
            if (!reachability.isShown() && directory.index().size() > 0) {
                whenTested.run();
                loop.execute(test::launch);
            }
            world.tasks().sleep(interval);
        }
    }
}
