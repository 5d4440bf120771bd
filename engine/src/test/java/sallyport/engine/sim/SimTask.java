package sallyport.engine.sim;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Log;
import sallyport.engine.world.Tasks;

/// A control task: a thread of its own that runs only while the simulation stands still, until it waits
/// for something. Whatever it waits for is an event, so when it goes on is drawn from the seed like
/// everything else.
final class SimTask implements Tasks.Task {
    // Who does not wait within that time of the real clock waits for a lock that another task holds while it waits.
    private static final Duration STUCK = Duration.ofMinutes(2);

    private final SimTasks tasks;
    private final String name;
    private final Thread thread;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean running;
    private volatile @Nullable Thread simulation;
    private boolean started;
    private boolean cancelled;
    // Which wait it is in; 0: in none.
    private long waiting;
    private long waits;

    SimTask(SimTasks tasks, String name, Tasks.Body body) {
        this.tasks = tasks;
        this.name = name;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(body));
    }

    // On the simulation's thread

    /// Lets the task run until it waits.
    void goOn() {
        simulation = Thread.currentThread();
        running = true;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
        long begin = System.nanoTime();
        while (running) {
            LockSupport.parkNanos(this, STUCK.toNanos());
            if (running && System.nanoTime() - begin > STUCK.toNanos()) {
                throw new AssertionError(
                        "task " + name + " waits outside of the world: " + Arrays.toString(thread.getStackTrace()));
            }
        }
    }

    // On any thread that runs

    @Override
    public void cancel() {
        cancelled = true;
        endWait(waiting);
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
        if (!over.isDone() && limit.isPositive()) {
            tasks.running().waitFor(over, limit);
        }
        return over.isDone();
    }

    private void endWait(long number) {
        if (number != 0) {
            tasks.soon(name, () -> goOnFrom(number));
        }
    }

    private void goOnFrom(long number) {
        if (waiting == number) {
            waiting = 0;
            tasks.run(this);
        }
    }

    // On its own thread

    /// Waits until the stage is complete, at most that long.
    ///
    /// @return whether it is
    boolean waitFor(CompletionStage<?> stage, Duration limit) throws InterruptedException {
        CompletableFuture<?> future = stage.toCompletableFuture();
        if (!future.isDone()) {
            long number = ++waits;
            var _ = future.whenComplete((_, _) -> endWait(number));
            waitAtMost(number, limit);
        }
        return future.isDone();
    }

    void sleep(Duration duration) throws InterruptedException {
        waitAtMost(++waits, duration);
    }

    /// It is cancelled all the same, though it has not come out of a wait.
    void stayCancelled() {
        cancelled = true;
    }

    private void waitAtMost(long number, Duration limit) throws InterruptedException {
        if (!cancelled) {
            waiting = number;
            tasks.after(limit, name, () -> goOnFrom(number));
            standStill();
        }
        if (cancelled) {
            cancelled = false;
            throw new InterruptedException();
        }
    }

    private void standStill() {
        running = false;
        LockSupport.unpark(simulation);
        while (!running) {
            LockSupport.park(this);
        }
    }

    private void run(Tasks.Body body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            tasks.log(Log.Level.DEBUG, "task " + name + " was cancelled");
        } catch (Exception | Error e) {
            tasks.failed("task " + name + " threw " + e + " " + Arrays.toString(e.getStackTrace()));
        } finally {
            tasks.ended(this);
            over.complete(null);
            running = false;
            LockSupport.unpark(simulation);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
