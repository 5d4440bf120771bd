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
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SteppedTicker;
import sallyport.engine.world.WorkDone;
import sallyport.engine.world.Workers;

/// Worker threads that take simulated time for everything, first come, first served, and no real time at
/// all.
final class SimulatedWorkers implements ClosedWorld, Workers {
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
        queue.add(() -> WorkDone.of(work, answer));
        begin();
        return true;
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
    public int waiting(Kind kind) {
        return queue.size();
    }

    @Override
    public int threads(Kind kind) {
        return threads;
    }

    /// A work that computes looks at the clock before and after; in between its cost has passed.
    @Override
    public Ticker ticker() {
        return (SteppedTicker) () -> working && ++looks > 1 ? now + costNanos : now;
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
    public Log log() {
        return (_, _, _) -> {};
    }
}
