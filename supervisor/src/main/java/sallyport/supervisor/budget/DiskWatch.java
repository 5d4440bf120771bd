package sallyport.supervisor.budget;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Looks at the disk for whoever asks, and not at every question. From any thread.
public final class DiskWatch {
    // Ours: what lies there changes by the hour.
    static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path dataDirectory;
    private final LongSupplier nanos;
    private @Nullable DiskUse last;
    private long lastNanos;

    public DiskWatch(Path dataDirectory, LongSupplier nanos) {
        this.dataDirectory = dataDirectory;
        this.nanos = nanos;
    }

    /// As it was within the last minute.
    public synchronized DiskUse look() {
        DiskUse known = last;
        long now = nanos.getAsLong();
        if (known == null || now - lastNanos >= FRESH_NANOS) {
            known = DiskUse.of(dataDirectory);
            last = known;
            lastNanos = now;
        }
        return known;
    }
}
