package sallyport.engine.world;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/// Control tasks: virtual threads, blocking style. Never used on the data path.
public interface Tasks {
    /// What a task does. An exception that escapes is logged and counted; the task is over.
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /// A running task.
    interface Task {
        /// Interrupts it; it ends at its next blocking call.
        void cancel();

        /// Waits for its end at most that long; returns whether it ended.
        boolean join(Duration limit) throws InterruptedException;
    }

    /// Starts a task. `name` is a constant or names a relay of ours, for the log.
    Task start(String name, Body body);

    void sleep(Duration duration) throws InterruptedException;

    /// Waits for a stage; its failure comes out as the cause of an [java.util.concurrent.ExecutionException].
    <T> T await(CompletionStage<T> stage, Duration limit)
            throws InterruptedException, java.util.concurrent.ExecutionException, TimeoutException;
}
