package sallyport.engine.sim;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import sallyport.engine.world.ClosedWorld;

/// An event loop that turns when the world says so: what happened outside, the tasks that wait, the timers that are
/// due, and at last the work that belongs after the turn. All loops share one thread, but only the one whose turn it is
/// takes itself to be in its loop; so a call that would cross loops is found by the engine's own assertions.
final class SimLoop extends AbstractScheduledEventExecutor implements EventLoop {
    private static final long NO_WAKE = Long.MAX_VALUE;

    private final SimWorld world;
    private final String name;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Queue<Runnable> turnEnds = new ArrayDeque<>();
    private boolean turning;
    private boolean dead;
    private long wakeNanos = NO_WAKE;

    SimLoop(SimWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    /// One turn, in which `happened` comes first.
    void turn(Runnable happened) {
        if (dead) {
            return;
        }
        turning = true;
        try {
            happened.run();
            while (world.joinTurn(this)) {
                world.runNext();
            }
            for (Runnable timer = pollScheduledTask(world.nanos()); timer != null; ) {
                timer.run();
                timer = pollScheduledTask(world.nanos());
            }
            // What these add waits for the next turn, as what arrives meanwhile does.
            for (int left = tasks.size(); left > 0; left--) {
                tasks.remove().run();
            }
            for (int left = turnEnds.size(); left > 0; left--) {
                turnEnds.remove().run();
            }
        } finally {
            turning = false;
        }
        arm();
    }

    /// Nothing happens on it any more.
    void die() {
        dead = true;
        tasks.clear();
        turnEnds.clear();
    }

    void afterTurn(Runnable work) {
        turnEnds.add(work);
        arm();
    }

    private void arm() {
        if (turning || dead) {
            return;
        }
        long next = nextScheduledTaskDeadlineNanos();
        long due = next < 0 ? NO_WAKE : Math.max(next, world.nanos());
        if (!tasks.isEmpty() || !turnEnds.isEmpty()) {
            due = world.nanos() + world.turnNanos();
        }
        if (due < wakeNanos) {
            wakeNanos = due;
            world.at(due, this, "wake", () -> {
                if (wakeNanos <= world.nanos()) {
                    wakeNanos = NO_WAKE;
                }
            });
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        arm();
    }

    @Override
    public boolean inEventLoop() {
        return turning;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return turning;
    }

    @Override
    public Ticker ticker() {
        return world.ticker();
    }

    @Override
    public EventLoopGroup parent() {
        return this;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Deprecated
    @Override
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw ClosedWorld.shut("end of its loops");
    }

    @Override
    public Future<?> terminationFuture() {
        throw ClosedWorld.shut("end of its loops");
    }

    @Deprecated
    @Override
    public void shutdown() {
        throw ClosedWorld.shut("end of its loops");
    }

    @Override
    public String toString() {
        return name;
    }
}
