package sallyport.engine.instance;

import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Accounting;
import sallyport.engine.world.World;

/// Whether a relay takes anything new. Its quota, its operator and its end each have a word in that, and the last of
/// them the last. Called by control tasks.
final class Opening {
    private final World world;
    private final OnLoop onLoop;
    private final Life life;
    private final Supplier<InstanceSpec> spec;
    private final Supplier<@Nullable Running> running;
    private volatile boolean shut;

    /// @param running null while nothing is open
    Opening(World world, OnLoop onLoop, Life life, Supplier<InstanceSpec> spec, Supplier<@Nullable Running> running) {
        this.world = world;
        this.onLoop = onLoop;
        this.life = life;
        this.spec = spec;
        this.running = running;
    }

    /// Whether it takes nothing new until it is stopped.
    boolean isShut() {
        return shut;
    }

    /// What the quota wants it to be. Waking up, it listens again. About to stop it heeds no quota, as C
    /// tor.
    ///
    /// @param until where it is to sleep
    /// @throws IOException where it cannot listen
    void follow(Running now, Accounting.State next, Instant until) throws IOException, InterruptedException {
        if (shut || life.state() instanceof InstanceState.Draining) {
            return;
        }
        boolean wasAsleep = life.hibernates();
        switch (next) {
            case AWAKE -> {
                listen(now);
                life.become(new InstanceState.Bootstrapping());
                if (wasAsleep) {
                    now.publisher().wokeUp();
                    say("the relay works again");
                }
            }
            case SOFT -> {
                life.become(new InstanceState.Hibernating(false, until));
                onLoop.later(now.plane()::acceptNothingNew);
                say("the quota is nearly used up; nothing new until " + until);
            }
            case DORMANT -> {
                life.become(new InstanceState.Hibernating(true, until));
                onLoop.later(now.plane()::fallAsleep);
                now.publisher().fellAsleep();
                say("the relay sleeps until " + until);
            }
        }
        if (wasAsleep || next != Accounting.State.AWAKE) {
            now.publisher().changed("bandwidth has changed");
        }
    }

    private void say(String what) {
        world.log().info(spec.get().id(), "accounting: " + what);
    }

    private void listen(Running now) throws IOException, InterruptedException {
        onLoop.later(now.plane()::wakeUp);
        OrPorts.listen(now.plane().links(), spec.get().listening(), world.tasks());
    }

    /// Takes nothing new any more; what is open goes on.
    void shut() {
        // Before the look at what runs: a start looks the other way round, and one of both sees the other.
        shut = true;
        Running now = running.get();
        if (now != null) {
            onLoop.later(now.plane()::acceptNothingNewAnyMore);
        }
    }

    /// Takes nothing new from now on; what is open goes on. Returns when its ports are closed.
    ///
    /// @return whether it drains; not where it has not begun to work, or has ended
    boolean drain(Instant until) throws InterruptedException {
        if (!life.become(new InstanceState.Draining(until))) {
            return false;
        }
        Running now = running.get();
        if (now != null) {
            onLoop.run(now.plane()::acceptNothingNew, "did not close its ports in time");
        }
        return true;
    }

    /// Goes on as if it had not drained.
    ///
    /// @throws IOException where it cannot listen
    void resume() throws IOException, InterruptedException {
        Running now = running.get();
        if (now == null || !(life.state() instanceof InstanceState.Draining)) {
            return;
        }
        listen(now);
        life.become(new InstanceState.Bootstrapping());
        if (now.publisher().status().accepted() > 0) {
            life.become(new InstanceState.Published());
        }
    }
}
