package sallyport.engine.world;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;

/// Workers that do nothing until the test lets them.
public final class WaitingWorkers implements Workers {
    private final Queue<Runnable> jobs = new ArrayDeque<>();

    /// Does what waits, and what that asks for; the loop hears of each at once.
    public void work() {
        for (Runnable job = jobs.poll(); job != null; job = jobs.poll()) {
            job.run();
        }
    }

    @Override
    public <T> boolean submit(Kind kind, Callable<T> work, EventLoop loop, Answer<T> answer) {
        jobs.add(() -> WorkDone.of(work, answer).run());
        return true;
    }

    @Override
    public int waiting(Kind kind) {
        return jobs.size();
    }

    @Override
    public int threads(Kind kind) {
        return 1;
    }
}
