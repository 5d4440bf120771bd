package sallyport.engine.world;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Virtual threads.
final class RealTasks implements Tasks {
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final Log log;

    RealTasks(Log log) {
        this.log = log;
    }

    @Override
    public Task start(String name, Body body) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(name, body));
        running.add(thread);
        thread.start();
        return new Task() {
            @Override
            public void cancel() {
                thread.interrupt();
            }

            @Override
            public boolean join(Duration limit) throws InterruptedException {
                return thread.join(limit);
            }
        };
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void close(Duration limit) {
        running.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : running) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void run(String name, Body body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            log.debug("", "task " + name + " was cancelled");
        } catch (Exception | Error e) {
            log.error("", "task " + name + " failed: " + e.getClass().getName());
        } finally {
            running.remove(Thread.currentThread());
        }
    }
}
