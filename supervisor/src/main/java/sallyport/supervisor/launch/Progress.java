package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine.Model.CommandSpec;

/// Says how far a verb is, once it takes longer than a second: whoever waits sees that something happens. From any
/// thread.
final class Progress {
    // Ours: nobody wonders earlier, and a screen of it stays short.
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Path STDERR = Path.of("/proc/self/fd/2");

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    // Guarded by this.
    private long next;

    /// @param nanoTime as System.nanoTime
    /// @param waited for how long whoever waits has done so already
    Progress(PrintWriter err, LongSupplier nanoTime, Duration waited) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong() + FIRST_NANOS - waited.toNanos();
    }

    /// For people at a terminal; a log, a program and whoever asked for JSON get nothing of it.
    static Progress of(CommandSpec verb) {
        boolean json = verb.findOption("--json") != null
                && verb.commandLine().getParseResult().hasMatchedOption("--json");
        return json || !isTerminal(STDERR)
                ? silent()
                : new Progress(verb.commandLine().getErr(), System::nanoTime, age());
    }

    /// For how long the process is there: starting it is part of the wait.
    private static Duration age() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    static Progress silent() {
        return new Progress(new PrintWriter(Writer.nullWriter()), () -> 0, Duration.ZERO);
    }

    /// @param what stands before the figures
    synchronized void at(String what, int done, int parts) {
        long now = nanoTime.getAsLong();
        if (now - next >= 0 && done < parts) {
            next = now + INTERVAL_NANOS;
            err.println(what + ": " + done + " of " + parts);
            err.flush();
        }
    }

    /// Counts the parts of one work.
    Work work(String what, int parts) {
        return new Work(what, parts);
    }

    /// One work of many equal parts. From any thread.
    final class Work {
        private final String what;
        private final int parts;
        private int done;

        private Work(String what, int parts) {
            this.what = what;
            this.parts = parts;
        }

        /// One more part is done.
        void one() {
            synchronized (Progress.this) {
                done++;
                at(what, done, parts);
            }
        }
    }

    /// @param fd where the kernel says what it leads to
    static boolean isTerminal(Path fd) {
        try {
            String target = Files.readSymbolicLink(fd).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
