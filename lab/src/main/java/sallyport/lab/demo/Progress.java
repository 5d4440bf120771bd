package sallyport.lab.demo;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What happens right now and how far it is: on a terminal a bar that moves, elsewhere a line for each
/// step. Safe for use by several threads.
final class Progress implements AutoCloseable {
    private static final Duration FRAME = Duration.ofMillis(250);
    private static final int CELLS = 20;
    private static final int LINE_CHARS_MAX = 79;
    private static final String CLEAR = "\r\u001b[K";
    private static final String SPINNER = "|/-\\";

    private final PrintWriter err;
    private final int stepsMax;
    private final long begin = System.nanoTime();
    private final @Nullable Thread painter;
    private String now = "";
    private int steps;
    private int frame;

    /// @param moves whether it goes to a terminal
    /// @param stepsMax how many steps there are in all
    Progress(PrintWriter err, boolean moves, int stepsMax) {
        this.err = err;
        this.stepsMax = stepsMax;
        this.painter = moves ? Thread.ofVirtual().name("progress").start(this::paintAll) : null;
    }

    /// The next step has begun.
    synchronized void step(String what) {
        steps = Math.min(steps + 1, stepsMax);
        now = what;
        if (painter == null) {
            say(what);
        } else {
            paint();
        }
    }

    /// A line that stays.
    synchronized void say(String line) {
        err.println((painter == null ? "" : CLEAR) + "[" + seconds() + " s] " + line);
        err.flush();
    }

    /// A line of the results, which go elsewhere and may meet the bar on the same terminal.
    synchronized void print(PrintWriter out, String line) {
        if (painter != null) {
            now = "";
            err.print(CLEAR);
            err.flush();
        }
        out.println(line);
        out.flush();
    }

    /// Removes the bar.
    @Override
    public void close() {
        Thread painting = painter;
        if (painting != null) {
            painting.interrupt();
            synchronized (this) {
                now = "";
                err.print(CLEAR);
                err.flush();
            }
        }
    }

    private void paintAll() {
        try {
            while (true) {
                Thread.sleep(FRAME);
                paint();
            }
        } catch (InterruptedException over) {
            return;
        }
    }

    private synchronized void paint() {
        if (now.isEmpty()) {
            return;
        }
        int full = CELLS * steps / stepsMax;
        String line = SPINNER.charAt(frame++ % SPINNER.length()) + " [" + "#".repeat(full) + ".".repeat(CELLS - full)
                + "] " + seconds() + " s  " + now;
        err.print(CLEAR + line.substring(0, Math.min(line.length(), LINE_CHARS_MAX)));
        err.flush();
    }

    private long seconds() {
        return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    }
}
