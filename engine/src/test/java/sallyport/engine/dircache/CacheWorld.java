package sallyport.engine.dircache;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.WorkDone;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;
import sallyport.engine.world.WorldOver;

/// A world in which tasks and workers are done at once, by whoever starts them; files are real, and the
/// clock is the test's.
final class CacheWorld implements WorldOver, AutoCloseable {
    private final RealWorld real;
    Instant now;
    int works;

    CacheWorld(Path directory, Instant now) {
        this.real = new RealWorld(directory, 1, (_, _, _) -> {});
        this.now = now;
    }

    @Override
    public World real() {
        return real;
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    @Override
    public Workers workers() {
        return new Workers() {
            @Override
            public <T> boolean submit(Kind kind, Callable<T> work, EventLoop loop, Answer<T> answer) {
                works++;
                WorkDone.of(work, answer).run();
                return true;
            }

            @Override
            public int waiting(Kind kind) {
                return 0;
            }

            @Override
            public int threads(Kind kind) {
                return 1;
            }
        };
    }

    @Override
    public Tasks tasks() {
        return new Tasks() {
            @Override
            public Task start(String name, Body body) {
                try {
                    body.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return new Done();
            }

            @Override
            public void sleep(Duration duration) {
                throw new AssertionError("nobody sleeps here");
            }

            @Override
            public <T> T await(CompletionStage<T> stage, Duration limit)
                    throws InterruptedException, ExecutionException, TimeoutException {
                return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            }
        };
    }

    @Override
    public void close() {
        real.close();
    }

    private record Done() implements Tasks.Task {
        @Override
        public void cancel() {
            // It has ended.
        }

        @Override
        public boolean join(Duration limit) {
            return true;
        }
    }
}
