package sallyport.engine.world;

import java.util.concurrent.Callable;

/// What a worker does with a work, on the thread of the test.
public final class WorkDone {
    private WorkDone() {}

    /// Does the work now; the answer is told when the result runs.
    public static <T> Runnable of(Callable<T> work, Workers.Answer<T> answer) {
        try {
            T value = work.call();
            return () -> answer.done(value, null);
        } catch (Exception e) {
            return () -> answer.done(null, e);
        }
    }
}
