package sallyport.engine.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Which links are read, written, or both, looked at every ten seconds (dir-spec `conn-bi-direct` and
/// `ipv6-conn-bi-direct`). Runs on: the instance's loop.
public final class LinkDirections implements Statistic {
    // dir-spec "conn-bi-direct": ten seconds, 20 KiB, ten times.
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long BYTES_MIN = 20_480;
    private static final long FACTOR = 10;

    /// What one link carried in the running interval.
    public static final class Traffic {
        private final boolean ipv6;
        private long read;
        private long written;
        private boolean listed;

        public Traffic(boolean ipv6) {
            this.ipv6 = ipv6;
        }
    }

    private static final class Sums {
        private long little;
        private long mostlyRead;
        private long mostlyWritten;
        private long both;

        void add(Traffic link) {
            if (link.read + link.written < BYTES_MIN) {
                little++;
            } else if (link.read >= link.written * FACTOR) {
                mostlyRead++;
            } else if (link.written >= link.read * FACTOR) {
                mostlyWritten++;
            } else {
                both++;
            }
        }

        @Override
        public String toString() {
            return little + "," + mostlyRead + "," + mostlyWritten + "," + both;
        }
    }

    // At most the links of the relay.
    private final List<Traffic> used = new ArrayList<>();
    private Sums all = new Sums();
    private Sums ipv6 = new Sums();
    private long intervalEndNanos;

    /// A link read or wrote some bytes.
    public void add(Traffic link, int read, int written, long nowNanos) {
        if (nowNanos - intervalEndNanos >= 0) {
            endIntervals(nowNanos);
        }
        if (!link.listed) {
            link.listed = true;
            used.add(link);
        }
        link.read += read;
        link.written += written;
    }

    @Override
    public void begin(long nowNanos) {
        forgetInterval();
        all = new Sums();
        ipv6 = new Sums();
        intervalEndNanos = nowNanos + INTERVAL_NANOS;
    }

    /// As C tor, the interval that has not ended is not counted.
    @Override
    public List<String> lines(String day, long nowNanos) {
        return List.of("conn-bi-direct " + day + " " + all, "ipv6-conn-bi-direct " + day + " " + ipv6);
    }

    private void endIntervals(long nowNanos) {
        for (Traffic link : used) {
            all.add(link);
            if (link.ipv6) {
                ipv6.add(link);
            }
        }
        forgetInterval();
        intervalEndNanos += ((nowNanos - intervalEndNanos) / INTERVAL_NANOS + 1) * INTERVAL_NANOS;
    }

    private void forgetInterval() {
        for (Traffic link : used) {
            link.listed = false;
            link.read = 0;
            link.written = 0;
        }
        used.clear();
    }
}
