package sallyport.engine.directory;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;
import sallyport.engine.world.WorldOver;

/// The real world but for its wall clock, which the test moves: a task that sleeps wakes when the clock got there.
@NullMarked
final class ManualWorld implements WorldOver, AutoCloseable {
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final RealWorld real;
    private final Object monitor = new Object();
    private Instant now;
    // When the sleeping task wants to wake; null while it works. The fetcher is the only task that sleeps.
    private @Nullable Instant wake;

    ManualWorld(Path directory, Instant start) {
        this.now = start;
        this.real = new RealWorld(directory, 1, (level, _, text) -> lines.add(level + " " + text));
    }

    void advance(Duration duration) {
        synchronized (monitor) {
            now = now.plus(duration);
            monitor.notifyAll();
        }
    }

    /// Whether a task sleeps at this moment, its work done.
    boolean isIdle() {
        synchronized (monitor) {
            return wake != null && wake.isAfter(now);
        }
    }

    @Override
    public InstantSource clock() {
        return () -> {
            synchronized (monitor) {
                return now;
            }
        };
    }

    @Override
    public Tasks tasks() {
        return new Tasks() {
            @Override
            public Task start(String name, Body body) {
                return real.tasks().start(name, body);
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                synchronized (monitor) {
                    Instant until = now.plus(duration);
                    wake = until;
                    try {
                        while (now.isBefore(until)) {
                            monitor.wait();
                        }
                        if (Thread.interrupted()) {
                            throw new InterruptedException();
                        }
                    } finally {
                        wake = null;
                    }
                }
            }

            @Override
            public <T> T await(CompletionStage<T> stage, Duration limit)
                    throws InterruptedException, ExecutionException, TimeoutException {
                return real.tasks().await(stage, limit);
            }
        };
    }

    @Override
    public World real() {
        return real;
    }

    @Override
    public void close() {
        real.close();
    }
}
