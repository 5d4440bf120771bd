package sallyport.engine.limits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.world.World;

/// Closes what holds one instance's memory, in the order that harms those least who do no harm: first what is not
/// circuits' and takes more than a fifth, then whatever waits longest, as C tor does. A sender whose peer does not
/// read has the oldest data; who is served has young data, however much it is.
public final class MemoryRelief {
    // C tor's: caches that take more than 20 % are trimmed to 10 %, and circuits pay for the rest.
    private static final int TRIM_FROM_DIVISOR = 5;
    private static final int TRIM_TO_DIVISOR = 10;
    // Ours: what cannot be relieved must not make the loop look through all circuits at every quantum.
    private static final long FUTILE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    // Ours: an operator needs the line once, not during every wave of a flood.
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MIB_SHIFT = 20;

    static final String RAN = "memory: relief was needed";
    static final String CLOSED = "memory: closed for waiting longest";

    /// Whoever has things that hold memory and can be closed.
    @FunctionalInterface
    public interface Source {
        /// Offers each of them. Nothing is closed before this returns.
        void offerTo(Offers offers);
    }

    /// Takes what a source offers.
    @FunctionalInterface
    public interface Offers {
        /// @param oldestNanos when the oldest of its data came, in ticker nanoseconds
        /// @param close gives all of its memory back before it returns
        void offer(long oldestNanos, Runnable close);
    }

    /// Whoever can let go of memory of its own choice.
    @FunctionalInterface
    public interface Trim {
        /// Holds at most `bytes` of its kind when it returns, if it can.
        void to(long bytes);
    }

    private record Trimmed(MemoryKind kind, Trim trim) {}

    private record Offer(long ageNanos, Runnable close) {}

    private final MemoryAccount account;
    private final World world;
    private final String relay;
    private final FaultCounters faults;
    private final Overload overload;
    private final OwnBugs bugs;
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final List<Trimmed> trims = new CopyOnWriteArrayList<>();
    private final LongAdder closed = new LongAdder();
    private final LongAdder freedBytes = new LongAdder();
    private boolean futile;
    private long futileNanos;
    private boolean said;
    private long saidNanos;
    private long saidClosed;
    private long saidBytes;

    MemoryRelief(MemoryAccount account, World world, String relay, FaultCounters faults, Overload overload) {
        this.account = account;
        this.world = world;
        this.relay = relay;
        this.faults = faults;
        this.overload = overload;
        this.bugs = new OwnBugs(world, relay, faults, "our own bug in memory relief", "the others are closed");
    }

    public void from(Source source) {
        sources.add(source);
    }

    public void from(MemoryKind kind, Trim trim) {
        trims.add(new Trimmed(kind, trim));
    }

    /// Circuits and connections closed so far. From any thread.
    public long closed() {
        return closed.sum();
    }

    /// Bytes given back so far. From any thread.
    public long freedBytes() {
        return freedBytes.sum();
    }

    /// Makes the account hold at most `targetBytes`, as far as closing helps.
    void run(long targetBytes) {
        long now = world.ticker().nanoTime();
        long before = account.held();
        if (before <= targetBytes || (futile && now - futileNanos < FUTILE_PAUSE_NANOS)) {
            return;
        }
        faults.count(RAN);
        overload.general();
        for (Trimmed each : trims) {
            if (account.held(each.kind()) > targetBytes / TRIM_FROM_DIVISOR) {
                trim(each, targetBytes / TRIM_TO_DIVISOR);
            }
        }
        if (account.held() > targetBytes) {
            closeOldest(targetBytes, now);
        }
        for (Trimmed each : trims) {
            if (account.held() > targetBytes) {
                trim(each, 0);
            }
        }
        futile = account.held() > targetBytes;
        futileNanos = now;
        freedBytes.add(before - account.held());
        say(now);
    }

    private void closeOldest(long targetBytes, long now) {
        List<Offer> offers = new ArrayList<>();
        for (Source source : sources) {
            source.offerTo((oldestNanos, close) -> offers.add(new Offer(now - oldestNanos, close)));
        }
        offers.sort(Comparator.comparingLong(Offer::ageNanos).reversed());
        for (Offer offer : offers) {
            try {
                offer.close().run();
            } catch (RuntimeException e) {
                bugs.note(e);
            }
            faults.count(CLOSED);
            closed.increment();
            if (account.held() <= targetBytes) {
                return;
            }
        }
    }

    private void trim(Trimmed each, long toBytes) {
        try {
            each.trim().to(toBytes);
        } catch (RuntimeException e) {
            bugs.note(e);
        }
    }

    private void say(long now) {
        if (said && now - saidNanos < QUIET_NANOS) {
            return;
        }
        world.log()
                .warn(
                        relay,
                        "memory in queues is short: what waited longest was closed (circuits and connections: "
                                + (closed() - saidClosed) + ", MiB: "
                                + ((freedBytes() - saidBytes) >> MIB_SHIFT)
                                + "); if this goes on, give the JVM more memory and raise"
                                + " process.memory-in-queues-max");
        said = true;
        saidNanos = now;
        saidClosed = closed();
        saidBytes = freedBytes();
    }
}
