package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Says how far a work of many equal parts is, once it takes longer than a second. Several threads may do the parts.
final class Progress {
    // Ours: nobody wonders earlier, and a log of it stays short.
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String what;
    private final int parts;
    private final PrintWriter err;
    private final LongSupplier nanoTime;
    // Guarded by this.
    private long next;
    private int done;

    /// @param what stands before the figures
    /// @param nanoTime as System.nanoTime
    Progress(String what, int parts, PrintWriter err, LongSupplier nanoTime) {
        this.what = what;
        this.parts = parts;
        this.err = err;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong() + FIRST_NANOS;
    }

    /// One more part is done.
    synchronized void one() {
        done++;
        long now = nanoTime.getAsLong();
        if (now - next >= 0 && done < parts) {
            next = now + INTERVAL_NANOS;
            err.println(what + ": " + done + " of " + parts);
        }
    }
}
