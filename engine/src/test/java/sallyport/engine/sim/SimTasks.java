package sallyport.engine.sim;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Log;
import sallyport.engine.world.Tasks;

/// The control tasks of one machine. One at a time, and none while a loop turns: so each finds the world
/// as the one before left it, and the same seed lets them go on in the same order.
final class SimTasks implements Tasks {
    // The most that a task waits for a processor; the least is a nanosecond.
    private static final long START_NANOS_MAX = 50_000;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final SimWorld world;
    private final SimLoop loop;
    private final Set<SimTask> alive = new LinkedHashSet<>();
    private @Nullable SimTask running;
    private boolean dead;

    /// @param loop nobody else's; blocking connections live on it
    SimTasks(SimWorld world, SimLoop loop) {
        this.world = world;
        this.loop = loop;
    }

    @Override
    public Task start(String name, Body body) {
        SimTask task = new SimTask(this, name, body);
        alive.add(task);
        soon(name, () -> run(task));
        return task;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        running().sleep(duration);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (!future.isDone() && !running().waitFor(future, limit)) {
            throw new TimeoutException();
        }
        return future.get();
    }

    /// How many have begun or will begin, and are not over.
    int alive() {
        return alive.size();
    }

    /// Nobody goes on any more: the machine has lost its power.
    void die() {
        dead = true;
        alive.clear();
    }

    SimLoop loop() {
        return loop;
    }

    /// The task that runs just now.
    SimTask running() {
        SimTask task = running;
        if (task == null) {
            throw new AssertionError("only a control task may wait");
        }
        return task;
    }

    // For tasks

    void run(SimTask task) {
        if (!dead) {
            running = task;
            try {
                task.goOn();
            } finally {
                running = null;
            }
        }
    }

    void soon(String name, Runnable what) {
        world.in(world.between(1, START_NANOS_MAX), loop, name, what);
    }

    void after(Duration duration, String name, Runnable what) {
        Duration wait = duration.isNegative() ? Duration.ZERO : duration;
        world.in(wait.compareTo(LONGEST) < 0 ? wait.toNanos() : LONGEST.toNanos(), loop, name, what);
    }

    void ended(SimTask task) {
        alive.remove(task);
    }

    void log(Log.Level level, String text) {
        world.log().line(level, "", text);
    }

    void failed(String what) {
        world.fail(what);
    }
}
