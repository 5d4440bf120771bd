package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One direction of everything that a relay reads or writes: lets so many bytes pass a second.
/// Connections that must wait stand in one line; each has a share and stands at its end again. So who
/// wants little gets all of it, and the others get equal parts of the rest. Runs on: the relay's loop.
public final class Throttle {
    // C tor's figures: an eighth of what there is, between 4 and 32 cells. Ours are 31, a full record of TLS.
    static final int SHARE_BYTES_MIN = 4 * 514;
    static final int SHARE_BYTES_MAX = 31 * 514;
    private static final int SHARE_PARTS = 8;
    // Ours: C tor looks every 100 ms (TokenBucketRefillInterval); all that a shorter pause costs is the timer.
    static final int TICK_MILLIS = 10;

    private static final Throttled[] NOBODY = new Throttled[0];

    private final EventLoop loop;
    private final ByteLease lease;
    private final Runnable onEmpty;
    private final Runnable serve = this::serve;
    /// Those that wait for what the relay has.
    private final Set<Throttled> line = new LinkedHashSet<>();

    private int othersInLine;

    /// Those that wait for what they have themselves.
    private final Set<Throttled> resting = new LinkedHashSet<>();

    private @Nullable ByteBucket all;
    private @Nullable ByteBucket relayed;
    private boolean countsPrivate = true;
    private @Nullable Future<?> tick;
    private boolean soon;

    /// @param lease the relay's part of what all relays of the process may pass
    /// @param onEmpty told when somebody wants to pass and the bucket of all connections is empty, or
    /// that of all relays
    Throttle(EventLoop loop, ByteLease lease, Runnable onEmpty) {
        this.loop = loop;
        this.lease = lease;
        this.onEmpty = onEmpty;
    }

    /// Obeys these rates from now on.
    void follow(BandwidthRates rates) {
        countsPrivate = rates.countPrivate();
        all = followed(all, rates.all());
        relayed = followed(relayed, rates.relayed());
        serveSoon(true);
    }

    private @Nullable ByteBucket followed(@Nullable ByteBucket before, Rate rate) {
        if (rate.isUnlimited()) {
            return null;
        }
        if (before == null) {
            return new ByteBucket(rate, nanos());
        }
        before.follow(rate, nanos());
        return before;
    }

    boolean isLimited() {
        return all != null || relayed != null || lease.isLimited();
    }

    boolean countsPrivate() {
        return countsPrivate;
    }

    long nanos() {
        return loop.ticker().nanoTime();
    }

    /// Whether it may pass at once; else it stands in the line.
    boolean admits(Throttled one) {
        refill(one, nanos());
        noteEmpty();
        if (hasOwnDebt(one)) {
            resting.add(one);
            serveSoon(false);
            return false;
        }
        long left = left(one);
        if (left > 0 && !isAnyoneBefore(one)) {
            return true;
        }
        enqueue(one);
        serveSoon(left > 0);
        return false;
    }

    /// Links that must wait for their own limit hold up nobody else.
    private boolean isAnyoneBefore(Throttled one) {
        boolean linksMustWait = relayed != null && relayed.bytes() <= 0;
        return (one.isRelayed() || !linksMustWait) ? !line.isEmpty() : othersInLine > 0;
    }

    private static boolean hasOwnDebt(Throttled one) {
        ByteBucket own = one.own();
        return own != null && own.bytes() <= 0;
    }

    int shareBytes(Throttled one) {
        return Math.clamp(left(one) / SHARE_PARTS, SHARE_BYTES_MIN, SHARE_BYTES_MAX);
    }

    void took(int bytes, Throttled one) {
        if (all != null) {
            all.took(bytes);
        }
        if (lease.isLimited()) {
            lease.took(bytes);
        }
        if (relayed != null && one.isRelayed()) {
            relayed.took(bytes);
        }
        ByteBucket own = one.own();
        if (own != null) {
            own.took(bytes);
        }
    }

    boolean holds(Throttled one) {
        return line.contains(one) || resting.contains(one);
    }

    void forget(Throttled one) {
        leaveLine(one);
        resting.remove(one);
    }

    private boolean leaveLine(Throttled one) {
        boolean stood = line.remove(one);
        if (stood && one.standsAsOther) {
            othersInLine--;
        }
        return stood;
    }

    /// Lets go those for whom there is something, in their order, each once.
    private void serve() {
        soon = false;
        stopTick();
        long now = nanos();
        noteEmpty();
        for (Throttled rested : resting.toArray(NOBODY)) {
            refill(rested, now);
            if (!hasOwnDebt(rested) && resting.remove(rested)) {
                enqueue(rested);
            }
        }
        long promised = 0;
        boolean anyone = false;
        for (Throttled next : line.toArray(NOBODY)) {
            refill(next, now);
            if (leftForAll() <= promised) {
                break;
            }
            // One that closed another's connection took it out of the line.
            if (left(next) > promised && leaveLine(next)) {
                anyone = true;
                int share = shareBytes(next);
                promised += next.go() ? share : 0;
            }
        }
        serveSoon(anyone);
    }

    private void enqueue(Throttled one) {
        if (line.add(one)) {
            one.standsAsOther = !one.isRelayed();
            othersInLine += one.standsAsOther ? 1 : 0;
        }
    }

    /// @param now whether there is something for somebody
    private void serveSoon(boolean now) {
        if (soon || (line.isEmpty() && resting.isEmpty())) {
            return;
        }
        if (now) {
            stopTick();
            soon = true;
            loop.execute(serve);
        } else if (tick == null) {
            tick = loop.schedule(serve, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void stopTick() {
        if (tick != null) {
            tick.cancel(false);
            tick = null;
        }
    }

    private void noteEmpty() {
        if ((all != null && all.bytes() <= 0) || lease.isExhausted()) {
            onEmpty.run();
        }
    }

    private void refill(Throttled one, long now) {
        if (all != null) {
            all.refill(now);
        }
        if (relayed != null) {
            relayed.refill(now);
        }
        ByteBucket own = one.own();
        if (own != null) {
            own.refill(now);
        }
    }

    private long leftForAll() {
        long left = all == null ? Long.MAX_VALUE : all.bytes();
        return lease.isLimited() ? Math.min(left, lease.bytes()) : left;
    }

    private long left(Throttled one) {
        long left = leftForAll();
        if (relayed != null && one.isRelayed()) {
            left = Math.min(left, relayed.bytes());
        }
        ByteBucket own = one.own();
        return own == null ? left : Math.min(left, own.bytes());
    }
}
