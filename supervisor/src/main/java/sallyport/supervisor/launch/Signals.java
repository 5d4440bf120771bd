package sallyport.supervisor.launch;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/// Turns signals into requests for the one control thread: INT stops once what is open has ended, TERM and a second INT
/// stop now, HUP reloads, USR1 logs counts. One more TERM or INT ends the process at once.
final class Signals {
    enum Request {
        DRAIN,
        STOP,
        RELOAD,
        COUNTS
    }

    // What a shell reports for a process that SIGINT ended.
    private static final int EXIT_INTERRUPTED = 130;

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean reloadWaits = new AtomicBoolean();
    private final AtomicBoolean countsWait = new AtomicBoolean();

    /// Takes the signals over from the JVM.
    void install() {
        Signal.handle(new Signal("TERM"), _ -> stop());
        Signal.handle(new Signal("INT"), _ -> drain());
        Signal.handle(new Signal("HUP"), _ -> reload());
        Signal.handle(new Signal("USR1"), _ -> counts());
    }

    /// Waits for the next request at most that long; null when none came. Signals that arrive while a reload waits
    /// its turn are one reload; so with counts.
    @Nullable
    Request next(Duration limit) throws InterruptedException {
        Request request = requests.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (request == Request.RELOAD) {
            reloadWaits.set(false);
        } else if (request == Request.COUNTS) {
            countsWait.set(false);
        }
        return request;
    }

    void drain() {
        if (stopping.get() || !draining.compareAndSet(false, true)) {
            stop();
        } else {
            requests.add(Request.DRAIN);
        }
    }

    void stop() {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(EXIT_INTERRUPTED);
        }
        requests.add(Request.STOP);
    }

    void reload() {
        if (reloadWaits.compareAndSet(false, true)) {
            requests.add(Request.RELOAD);
        }
    }

    void counts() {
        if (countsWait.compareAndSet(false, true)) {
            requests.add(Request.COUNTS);
        }
    }
}
