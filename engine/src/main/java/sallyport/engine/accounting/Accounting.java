package sallyport.engine.accounting;

import java.time.Duration;
import java.time.Instant;
import java.util.function.ToLongFunction;

/// The quota of one relay: what it carried in the running interval, and whether it sleeps for that (C tor's
/// `hibernate.c`). A relay guesses from the last interval how long its quota lasts, and wakes up so late at a time
/// drawn for it that it can still be used up: so not all relays are awake at the beginning of the month, and none at
/// its end. Used by one thread at a time.
public final class Accounting {
    /// Whether the relay works.
    public enum State {
        AWAKE,
        /// The quota is nearly used up: what is open goes on, nothing new is accepted.
        SOFT,
        /// It is used up, or the time to wake up has not come.
        DORMANT
    }

    // C tor's SOFT_LIM_PCT, SOFT_LIM_BYTES and SOFT_LIM_MINUTES: the last 5 %, 500 MiB or three hours, whichever is
    // least.
    private static final double SOFT_PART = 0.95;
    private static final long SOFT_BYTES = 500L << 20;
    private static final long SOFT_MINUTES = 180;
    // C tor: less was not measured long enough to say what the next interval will be like.
    private static final long MEASURED_SECONDS_MIN = 1800;
    // C tor: a longer pause is a clock that was set.
    private static final long PAUSE_SECONDS_MAX = 10;
    // C tor: an interval that begins so much earlier or later than remembered is the same one.
    private static final double SAME_INTERVAL = 0.5;
    private static final int SECONDS_PER_MINUTE = 60;

    private final ToLongFunction<String> draw;
    private AccountingSpec spec = AccountingSpec.NONE;
    private long configuredBytesPerSecond;

    /// What a restart must not lose; belongs to this class and [AccountingLines].
    final Kept kept = new Kept();

    private Instant end = Instant.EPOCH;
    private Instant wake = Instant.EPOCH;
    private State state = State.AWAKE;
    private Instant sleepsUntil = Instant.EPOCH;
    private Instant lastTraffic = Instant.EPOCH;

    /// Of the running interval; the epoch stands for never.
    static final class Kept {
        Instant start = Instant.EPOCH;
        long read;
        long written;
        long secondsActive;
        long expectedPerMinute;
        Instant softAt = Instant.EPOCH;
        long softSeconds;
        long softBytes;
    }

    /// @param draw a number of 32 bits for the interval that begins at that time (`2026-11-01 00:00:00`): always the
    /// same for one relay, and another
    /// for each
    public Accounting(ToLongFunction<String> draw) {
        this.draw = draw;
    }

    /// Obeys this quota from now on.
    ///
    /// @param bytesPerSecond how fast the relay may be
    public void follow(AccountingSpec next, long bytesPerSecond, Instant now) {
        spec = next;
        configuredBytesPerSecond = bytesPerSecond;
        if (spec.isEnabled()) {
            beginOrGoOn(now);
        }
        consider(now);
    }

    /// A moment later. Returns what the relay should be now.
    ///
    /// @param read bytes since the moment before
    /// @param written the same of the other direction
    public State tick(long read, long written, Instant now) {
        if (!spec.isEnabled()) {
            state = State.AWAKE;
            return state;
        }
        kept.read += read;
        kept.written += written;
        if (read + written > 0) {
            long pause = Duration.between(lastTraffic, now).toSeconds();
            kept.secondsActive += pause >= 0 && pause < PAUSE_SECONDS_MAX ? pause : 0;
            lastTraffic = now;
        }
        if (!now.isBefore(end)) {
            beginOrGoOn(now);
        }
        consider(now);
        return state;
    }

    public State state() {
        return state;
    }

    /// When it will wake up, as far as is known now; meaningless while it is awake.
    public Instant sleepsUntil() {
        return sleepsUntil;
    }

    /// What counts of the running interval.
    public long usedBytes() {
        return spec.rule().of(kept.read, kept.written);
    }

    /// As C tor's `configure_accounting`: goes on with the interval that is remembered, or begins another.
    private void beginOrGoOn(Instant now) {
        Instant begun = spec.start().startOf(now);
        if (kept.start.equals(Instant.EPOCH)) {
            begin(now);
        } else if (!begun.equals(kept.start)) {
            double length =
                    seconds(spec.start().startOf(kept.start), spec.start().endOf(kept.start));
            double moved = seconds(kept.start, begun) / length;
            if (Math.abs(moved) > SAME_INTERVAL) {
                begin(now);
            }
        }
        end = spec.start().endOf(now);
        wake = wakeTime();
    }

    private void begin(Instant now) {
        kept.expectedPerMinute = expectedPerMinute();
        kept.start = spec.start().startOf(now);
        kept.read = 0;
        kept.written = 0;
        kept.secondsActive = 0;
        kept.softAt = Instant.EPOCH;
        kept.softSeconds = 0;
        kept.softBytes = 0;
    }

    /// From the interval that ends; 0: it was too short to say.
    private long expectedPerMinute() {
        long most = configuredBytesPerSecond * SECONDS_PER_MINUTE * (spec.rule() == AccountingRule.SUM ? 2 : 1);
        long untilSoft = (long) seconds(kept.start, kept.softAt);
        if (kept.softBytes > 0 && untilSoft > MEASURED_SECONDS_MIN) {
            // What came after the soft limit says nothing: nobody new was accepted.
            return Math.min(most, kept.softBytes / untilSoft * SECONDS_PER_MINUTE);
        }
        if (kept.secondsActive >= MEASURED_SECONDS_MIN) {
            return Math.min(most, usedBytes() / (kept.secondsActive / SECONDS_PER_MINUTE));
        }
        return 0;
    }

    private Instant wakeTime() {
        if (kept.expectedPerMinute == 0) {
            return kept.start;
        }
        long lasts = spec.maxBytes() / kept.expectedPerMinute * SECONDS_PER_MINUTE;
        long spare = (long) seconds(kept.start, end) - lasts;
        return spare <= 0
                ? kept.start
                : kept.start.plusSeconds(draw.applyAsLong(HistoryLines.time(kept.start)) % spare);
    }

    private void consider(Instant now) {
        if (!spec.isEnabled()) {
            state = State.AWAKE;
            return;
        }
        if (state == State.DORMANT) {
            if (sleepsUntil.isAfter(now)) {
                return;
            }
            sleepIsOver(now);
        }
        if (state == State.AWAKE) {
            if (usedBytes() >= softLimit()) {
                kept.softAt = now;
                kept.softSeconds = kept.secondsActive;
                kept.softBytes = usedBytes();
                state = State.SOFT;
                sleepsUntil = end;
            } else if (now.isBefore(wake) && !now.isBefore(kept.start)) {
                // A clock that was set back before the interval has not been asleep.
                fallAsleep(now);
            }
        }
        if (state == State.SOFT) {
            if (usedBytes() >= spec.maxBytes()) {
                fallAsleep(now);
            } else if (!sleepsUntil.isAfter(now)) {
                sleepIsOver(now);
            }
        }
    }

    private void fallAsleep(Instant now) {
        state = State.DORMANT;
        sleepsUntil = now.isBefore(wake) ? wake : end;
    }

    private void sleepIsOver(Instant now) {
        if (now.isBefore(wake)) {
            state = State.DORMANT;
            sleepsUntil = wake;
        } else {
            state = State.AWAKE;
        }
    }

    private long softLimit() {
        long max = spec.maxBytes();
        long limit = (long) (max * SOFT_PART);
        limit = Math.max(limit, max - SOFT_BYTES);
        return kept.expectedPerMinute == 0 ? limit : Math.max(limit, max - kept.expectedPerMinute * SOFT_MINUTES);
    }

    private static double seconds(Instant from, Instant to) {
        return to.getEpochSecond() - from.getEpochSecond();
    }
}
