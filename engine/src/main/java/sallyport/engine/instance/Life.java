package sallyport.engine.instance;

import java.time.Instant;
import sallyport.engine.instance.InstanceState.Bootstrapping;
import sallyport.engine.instance.InstanceState.Draining;
import sallyport.engine.instance.InstanceState.Failed;
import sallyport.engine.instance.InstanceState.Hibernating;
import sallyport.engine.instance.InstanceState.Published;
import sallyport.engine.instance.InstanceState.Quarantined;
import sallyport.engine.instance.InstanceState.SelfTesting;
import sallyport.engine.instance.InstanceState.Starting;
import sallyport.engine.instance.InstanceState.Stopped;
import sallyport.engine.world.World;

/// The states of one relay, one after the other. Several tasks change it, and a change that comes too late is refused:
/// who drains does not wake up because a quota begins anew. From any thread.
final class Life {
    private final World world;
    private final String relay;
    private final Instant begin;
    private volatile Since now;

    /// A state, and when it began.
    record Since(InstanceState state, Instant begin) {}

    Life(World world, String relay) {
        this.world = world;
        this.relay = relay;
        this.begin = world.clock().instant();
        this.now = new Since(new Starting(), begin);
    }

    /// When the first state began.
    Instant begin() {
        return begin;
    }

    Since now() {
        return now;
    }

    InstanceState state() {
        return now.state();
    }

    boolean hibernates() {
        return state() instanceof Hibernating;
    }

    /// Changes the state and says so in the log.
    ///
    /// @return whether `next` may follow; otherwise nothing has changed
    synchronized boolean become(InstanceState next) {
        InstanceState before = now.state();
        if (!follows(before, next)) {
            return false;
        }
        now = new Since(next, world.clock().instant());
        String line = "state: " + next.word() + why(next) + ", was " + before.word();
        if (next instanceof Failed || next instanceof Quarantined) {
            world.log().error(relay, line);
        } else {
            world.log().info(relay, line);
        }
        return true;
    }

    private static boolean follows(InstanceState before, InstanceState next) {
        return switch (next) {
            case Starting _ -> false;
            case Bootstrapping _ ->
                before instanceof Starting || before instanceof Hibernating || before instanceof Draining;
            case SelfTesting _ -> before instanceof Bootstrapping;
            case Published _ -> before instanceof Bootstrapping || before instanceof SelfTesting;
            case Hibernating _ -> !before.isOver() && !(before instanceof Draining);
            case Draining _ -> !before.isOver() && !(before instanceof Starting);
            case Stopped _, Failed _, Quarantined _ -> !before.isOver();
        };
    }

    private static String why(InstanceState state) {
        return switch (state) {
            case Hibernating(boolean dormant, Instant until) ->
                (dormant ? ", carrying nothing" : ", taking nothing new") + " until " + until;
            case Draining(Instant until) -> ", until " + until + " at the latest";
            case Failed(String why) -> ": " + why;
            case Quarantined(String why) -> ": " + why;
            case Starting _, Bootstrapping _, SelfTesting _, Published _, Stopped _ -> "";
        };
    }
}
