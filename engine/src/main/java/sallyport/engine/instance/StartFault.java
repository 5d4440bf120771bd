package sallyport.engine.instance;

import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/// Why a relay did not start.
final class StartFault {
    private StartFault() {}

    /// What a log may hold of it.
    ///
    /// @throws InterruptedException where the start was cancelled, which is nobody's fault
    static String text(Exception e) throws InterruptedException {
        if (isCancelled(e)) {
            throw new InterruptedException("the start was cancelled");
        }
        if (e instanceof RuntimeException) {
            // A bug of ours, whose message may hold anything: its kind and place are what helps.
            StackTraceElement[] trace = e.getStackTrace();
            return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    }

    /// Whether a file operation ended because the task was cancelled.
    private static boolean isCancelled(@Nullable Throwable e) {
        return e instanceof FileLockInterruptionException
                || e instanceof ClosedByInterruptException
                || (e != null && isCancelled(e.getCause()));
    }
}
