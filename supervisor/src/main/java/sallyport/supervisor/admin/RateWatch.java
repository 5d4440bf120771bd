package sallyport.supervisor.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceReport.Load;

/// How fast each relay carries, from one look to the next. Thread-safe.
final class RateWatch {
    // Ours: a shorter time says more about the kernel's buffers than about the relay.
    private static final long SPAN_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(long nanos, long read, long written, RelayJson.@Nullable Rates rates) {}

    /// What the relays have carried at this moment.
    synchronized void look(List<InstanceReport> reports, long nowNanos) {
        Map<String, Seen> next = new HashMap<>();
        for (InstanceReport report : reports) {
            String relay = report.status().id();
            Load load = report.load().orElse(null);
            if (load != null) {
                next.put(relay, after(seen.get(relay), load, nowNanos));
            }
        }
        seen.clear();
        seen.putAll(next);
    }

    /// Bytes a second between the last two looks; null where there were not two.
    synchronized RelayJson.@Nullable Rates of(String relay) {
        Seen last = seen.get(relay);
        return last == null ? null : last.rates();
    }

    private static Seen after(@Nullable Seen last, Load load, long now) {
        // A relay that was started anew counts from zero again.
        if (last == null || load.bytesRead() < last.read() || load.bytesWritten() < last.written()) {
            return new Seen(now, load.bytesRead(), load.bytesWritten(), null);
        }
        long span = now - last.nanos();
        if (span < SPAN_NANOS_MIN) {
            return last;
        }
        return new Seen(
                now,
                load.bytesRead(),
                load.bytesWritten(),
                new RelayJson.Rates(
                        perSecond(load.bytesRead() - last.read(), span),
                        perSecond(load.bytesWritten() - last.written(), span)));
    }

    private static long perSecond(long bytes, long spanNanos) {
        return Math.round(bytes * 1e9 / spanNanos);
    }
}
