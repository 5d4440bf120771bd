package sallyport.engine.accounting;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// When one relay had more to do than it could (proposal 328, C tor's `rep_hist_note_overload`). Only the hour is kept,
/// so that nobody learns from it when he made it so. The relay's loop tells it, anyone asks.
public final class Overload {
    // Specification: proposal 328, "the relay's overload state in the past 72 hours"; of rate limits 24 hours.
    private static final Duration SHOWN = Duration.ofDays(3);
    private static final Duration RATES_SHOWN = Duration.ofDays(1);
    // Specification: counters are "only updated once per minute".
    private static final Duration COUNT_PAUSE = Duration.ofSeconds(60);
    // C tor: fewer requests say nothing.
    private static final int SKINS_MIN = 1000;
    // The scale of the parameter `overload_onionskin_ntor_scale_percent`: 1000 is one percent.
    private static final double SCALE = 100_000;

    private final World world;
    private volatile boolean told = true;
    private volatile Instant general = Instant.MIN;
    private volatile Instant rates = Instant.MIN;
    private volatile Instant fds = Instant.MIN;
    private final Times reads = new Times();
    private final Times writes = new Times();
    // The loop alone.
    private @Nullable Instant assessment;
    private long skins;
    private long droppedSkins;

    /// What is to be published: the hours, each null where nothing happened of late.
    ///
    /// @param rates of a reached rate limit
    /// @param reads in how many minutes that held up reading
    /// @param writes the same of writing
    public record Seen(
            @Nullable Instant general,
            @Nullable Instant rates,
            long reads,
            long writes,
            @Nullable Instant fds) {
        public static final Seen NOTHING = new Seen(null, null, 0, 0, null);
    }

    /// What the consensus says of dropped onion skins.
    ///
    /// @param scalePercent `overload_onionskin_ntor_scale_percent`
    /// @param periodSeconds `overload_onionskin_ntor_period_secs`
    public record SkinRules(int scalePercent, int periodSeconds) {}

    /// Counts so that nobody sees how often, only in how many minutes.
    private static final class Times {
        private Instant counted = Instant.MIN;
        private volatile long count;

        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        void note(Instant now) {
            if (counted.equals(Instant.MIN) || !now.isBefore(counted.plus(COUNT_PAUSE))) {
                counted = now;
                count++;
            }
        }
    }

    public Overload(World world) {
        this.world = world;
    }

    /// Whether any of it is published (C tor's `OverloadStatistics`). From any thread.
    public void tell(boolean tells) {
        told = tells;
    }

    /// Memory ran short, or the system has no port left for a connection.
    public void general() {
        general = hour(now());
    }

    /// Something could be read, and the limit of all bandwidth did not allow it.
    public void readLimit() {
        limit(reads);
    }

    /// The same of writing.
    public void writeLimit() {
        limit(writes);
    }

    private void limit(Times times) {
        Instant now = now();
        rates = hour(now);
        times.note(now);
    }

    /// There is no FD for a connection.
    public void fdsExhausted() {
        fds = hour(now());
    }

    /// A relay asks for a circuit with an onion skin that takes work. Each period is judged when the first of the next
    /// one comes.
    public void onionSkin(SkinRules rules) {
        Instant now = now();
        Instant due = assessment;
        if (due == null || (!now.isBefore(due) && skins >= SKINS_MIN)) {
            if (due != null && droppedSkins / (double) skins >= rules.scalePercent() / SCALE) {
                general = hour(now);
            }
            skins = 0;
            droppedSkins = 0;
            assessment = now.plusSeconds(rules.periodSeconds());
        }
        skins++;
    }

    /// One of these was refused because too many wait.
    public void onionSkinDropped() {
        droppedSkins++;
    }

    /// What happened of late; nothing where nobody is to be told. From any thread.
    public Seen seen() {
        if (!told) {
            return Seen.NOTHING;
        }
        Instant now = now();
        return new Seen(
                since(general, now.minus(SHOWN)),
                since(rates, now.minus(RATES_SHOWN)),
                reads.count,
                writes.count,
                since(fds, now.minus(SHOWN)));
    }

    /// The lines of an extra-info document that is published now. From any thread.
    ///
    /// @param rate the limit of all bandwidth, in bytes per second
    /// @param burst the same of what may go at once, in bytes
    public List<String> extraInfoLines(long rate, long burst) {
        Seen seen = seen();
        List<String> lines = new ArrayList<>();
        if (seen.rates() != null) {
            lines.add("overload-ratelimits 1 " + HistoryLines.time(seen.rates()) + " " + rate + " " + burst + " "
                    + seen.reads() + " " + seen.writes());
        }
        if (seen.fds() != null) {
            lines.add("overload-fd-exhausted 1 " + HistoryLines.time(seen.fds()));
        }
        return lines;
    }

    private static @Nullable Instant since(Instant hour, Instant oldest) {
        return hour.isAfter(oldest) ? hour : null;
    }

    private Instant now() {
        return world.clock().instant();
    }

    private static Instant hour(Instant now) {
        return now.truncatedTo(ChronoUnit.HOURS);
    }
}
