package sallyport.engine.limits;

import java.util.ArrayList;
import java.util.List;

/// The bytes that all relays of the process may pass in one direction, lent out to them in rounds: each
/// gets what it is about to use as far as that is there, max-min fair. Who passes little keeps little, so
/// what he does not use is lent to the others at once; when he wants more he gets up to an equal part
/// within a few rounds.
///
/// What is lent and unused, and what nobody has, never exceed the burst together. So within any time all
/// relays pass no more than the burst and what the rate allows in that time, but for the debts of each,
/// one piece at most.
///
/// Thread-safe; relays use their [ByteLease]s meanwhile.
final class ByteLender {
    // Ours: who begins may pass two full pieces at once before the next round knows of him.
    static final long FIRST_BYTES_MAX = 2L * Throttle.SHARE_BYTES_MAX;
    // Ours: twice what passed in the last round is enough until the next one, and lets a relay that wants more double
    // its pace from round to round.
    private static final int AHEAD = 2;
    // Ours: what somebody passes now and then in lumps is remembered for some rounds, an eighth less each time.
    private static final int FADE_DIVISOR = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final List<ByteLease> leases = new ArrayList<>();
    private Rate rate = BandwidthBudget.NO_LIMIT;
    private long pot;
    private long dealtNanos;
    private volatile boolean limited;
    private volatile boolean exhausted;

    synchronized ByteLease open() {
        ByteLease lease = new ByteLease(this);
        leases.add(lease);
        return lease;
    }

    /// The relay has stopped; what it has not used is for the others.
    synchronized void close(ByteLease lease) {
        if (leases.remove(lease)) {
            pot += Math.max(0, lease.bytes());
        }
    }

    /// Lends at another rate from now on. Who was without limit begins with nothing owed.
    synchronized void follow(Rate next, long nowNanos) {
        boolean limits = !next.equals(BandwidthBudget.NO_LIMIT);
        if (!limited && limits) {
            pot = next.burstBytes();
            dealtNanos = nowNanos;
            for (ByteLease lease : leases) {
                lease.grant(-lease.bytes());
                lease.seen = lease.passed();
                lease.pace = 0;
            }
        }
        rate = next;
        limited = limits;
        if (limited) {
            deal(nowNanos);
        }
    }

    boolean isLimited() {
        return limited;
    }

    /// Whether the last round could not give everybody what he wanted.
    boolean isShort() {
        return exhausted;
    }

    /// One round.
    synchronized void deal(long nowNanos) {
        pot += fresh(nowNanos);
        long first = Math.min(FIRST_BYTES_MAX, rate.burstBytes() / 2 / Math.max(1, leases.size()));
        long[] wanted = new long[leases.size()];
        long unused = 0;
        for (int i = 0; i < wanted.length; i++) {
            ByteLease lease = leases.get(i);
            wanted[i] = wanted(lease, first);
            if (wanted[i] < 0) {
                lease.grant(wanted[i]);
                pot -= wanted[i];
            }
            unused += Math.max(0, lease.bytes());
        }
        pot = Math.clamp(rate.burstBytes() - unused, 0, pot);
        long level = FairShare.level(wanted, pot);
        for (int i = 0; i < wanted.length; i++) {
            long lent = Math.min(wanted[i], level);
            if (lent > 0) {
                leases.get(i).grant(lent);
                pot -= lent;
            }
        }
        exhausted = level != Long.MAX_VALUE;
    }

    /// How much more than it has a relay should have until the next round; negative for what it does not
    /// need.
    private static long wanted(ByteLease lease, long first) {
        long passed = lease.passed();
        lease.pace = Math.max(passed - lease.seen, lease.pace - lease.pace / FADE_DIVISOR);
        lease.seen = passed;
        return Math.max(first, AHEAD * lease.pace) - lease.bytes();
    }

    /// What the rate allows since the last round, and at most a burst; a clock that steps back allows
    /// nothing.
    private long fresh(long nowNanos) {
        long elapsed = nowNanos - dealtNanos;
        if (elapsed <= 0) {
            return 0;
        }
        dealtNanos = nowNanos;
        double bytes = (double) elapsed / NANOS_PER_SECOND * rate.bytesPerSecond();
        return (long) Math.min((double) rate.burstBytes(), bytes);
    }
}
