package sallyport.engine.onionskin;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.Network;
import sallyport.engine.world.Resources;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.Storage;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// Worker threads that take simulated time for everything, first come, first served, and no real time at all.
final class SimulatedWorkers implements World, Workers {
    private final Entropy entropy = new SeededEntropy(1);
    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private final int threads;
    private final int queueMax;
    private final long costNanos;
    private final Queue<Callable<Runnable>> queue = new ArrayDeque<>();
    private final PriorityQueue<Done> running = new PriorityQueue<>(Comparator.comparingLong(Done::nanos));
    private long now = 1;
    private boolean working;
    private int looks;

    private record Done(long nanos, Runnable tell) {}

    /// @param queueMax entries that may wait for a thread
    SimulatedWorkers(int threads, int queueMax, long costNanos) {
        this.threads = threads;
        this.queueMax = queueMax;
        this.costNanos = costNanos;
    }

    EventLoop loop() {
        return loop;
    }

    long now() {
        return now;
    }

    /// Lets time pass, and the threads work and answer.
    void until(long nanos) {
        while (!running.isEmpty() && running.peek().nanos() <= nanos) {
            Done done = running.remove();
            now = done.nanos();
            begin();
            done.tell().run();
        }
        now = nanos;
    }

    @Override
    public <T> boolean submit(Kind kind, Callable<T> work, EventLoop on, Answer<T> answer) {
        if (running.size() == threads && queue.size() == queueMax) {
            return false;
        }
        queue.add(() -> call(work, answer));
        begin();
        return true;
    }

    private <T> Runnable call(Callable<T> work, Answer<T> answer) {
        try {
            T value = work.call();
            return () -> answer.done(value, null);
        } catch (Exception e) {
            return () -> answer.done(null, e);
        }
    }

    private void begin() {
        while (running.size() < threads && !queue.isEmpty()) {
            looks = 0;
            working = true;
            Runnable tell;
            try {
                tell = queue.remove().call();
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                working = false;
            }
            running.add(new Done(now + (looks > 1 ? costNanos : 0), tell));
        }
    }

    @Override
    public int threads(Kind kind) {
        return threads;
    }

    /// A work that computes looks at the clock before and after; in between its cost has passed.
    @Override
    public Ticker ticker() {
        return new Ticker() {
            @Override
            public long initialNanoTime() {
                return 0;
            }

            @Override
            public long nanoTime() {
                return working && ++looks > 1 ? now + costNanos : now;
            }

            @Override
            public void sleep(long delay, TimeUnit unit) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Workers workers() {
        return this;
    }

    @Override
    public Loops loops() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Resources resources() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Network network() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tasks tasks() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Storage storage() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Log log() {
        return (_, _, _) -> {};
    }
}
