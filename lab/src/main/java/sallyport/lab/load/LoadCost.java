package sallyport.lab.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a load cost itself, beside the processes that it loads, from the end of its warm-up on: before that the
/// JVM compiles what it then runs.
///
/// @param seconds how long that was, the last visit's end included
/// @param own processor time of this process, everything that runs in it included
/// @param loop of `own`, what the load's event loop took: its users, and the client where it has one of its own
/// @param farEnd of `own`, what the servers took that the users came to
/// @param watched processor time of the processes that were to be watched, by process id
public record LoadCost(double seconds, Duration own, Duration loop, Duration farEnd, Map<Long, Duration> watched) {
    // Ours: what waits for a loop that has less than a fifth of its time left waits longer than what is measured.
    private static final double BUSY_MAX = 0.8;
    private static final double NANOS = 1e9;
    private static final double SECONDS_MIN = 0.01;

    /// Whether the load's own loop had so much to do that the waiting it saw may be its own.
    public boolean isBottleneck() {
        return busy() > BUSY_MAX;
    }

    /// The share of the time in which the load's loop had something to do.
    double busy() {
        return inSeconds(loop) / Math.max(seconds, SECONDS_MIN);
    }

    /// At most 80 columns.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "processor: %.1f s for this load in %.0f s: loop %.1f, far end %.1f, rest %.1f",
                inSeconds(own),
                seconds,
                inSeconds(loop),
                inSeconds(farEnd),
                inSeconds(own.minus(loop).minus(farEnd))));
        watched.forEach((pid, time) -> {
            double theirs = Math.max(inSeconds(time), SECONDS_MIN);
            lines.add(line(
                    "           %.1f s for process %d; the load took %.2f of that, its loop %.2f",
                    inSeconds(time), pid, inSeconds(own) / theirs, inSeconds(loop) / theirs));
        });
        if (isBottleneck()) {
            lines.add(line("NOTE: the load's loop was busy for %.0f %% of the time: this is its own", 100 * busy()));
            lines.add("      limit, and says little of the relays. Send fewer users, or run two loads");
        }
        return lines;
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static double inSeconds(Duration time) {
        return time.toNanos() / NANOS;
    }

    /// What had been used when the warm-up was over.
    static final class Start {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final long loopThread;
        private final Map<Long, Duration> watched;
        private final long own;
        private final long loop;
        private final long farEnd;
        private final long nanos;

        /// @param loopThread the id of the loop's thread
        /// @param pids processes to be watched
        Start(long loopThread, List<Long> pids) {
            this.loopThread = loopThread;
            this.watched = processorTimes(pids);
            this.own = ownNanos();
            this.loop = loopNanos();
            this.farEnd = farEndNanos();
            this.nanos = System.nanoTime();
        }

        /// What has been used since.
        LoadCost end() {
            Map<Long, Duration> since = new LinkedHashMap<>();
            processorTimes(List.copyOf(watched.keySet()))
                    .forEach((pid, time) -> since.put(pid, time.minus(watched.getOrDefault(pid, time))));
            return new LoadCost(
                    (System.nanoTime() - nanos) / NANOS,
                    Duration.ofNanos(ownNanos() - own),
                    Duration.ofNanos(loopNanos() - loop),
                    Duration.ofNanos(farEndNanos() - farEnd),
                    since);
        }

        private long loopNanos() {
            return Math.max(threads.getThreadCpuTime(loopThread), 0);
        }

        private long farEndNanos() {
            long sum = 0;
            for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
                if (thread != null && thread.getThreadName().startsWith(LoadServer.THREAD)) {
                    sum += Math.max(threads.getThreadCpuTime(thread.getThreadId()), 0);
                }
            }
            return sum;
        }

        private static long ownNanos() {
            return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        }

        private static Map<Long, Duration> processorTimes(List<Long> pids) {
            Map<Long, Duration> times = new LinkedHashMap<>();
            for (long pid : pids) {
                ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .ifPresent(time -> times.put(pid, time));
            }
            return times;
        }
    }
}
