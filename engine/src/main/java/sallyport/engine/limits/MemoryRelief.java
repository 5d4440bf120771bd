package sallyport.engine.limits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.world.World;

/// Closes what holds one instance's memory, kind after kind in the operator's order ([Shedding]), and
/// within a kind whatever waits longest, as C tor does: a sender whose peer does not read has the oldest
/// data; who is served has young data, however much it is.
public final class MemoryRelief {
    // C tor's: caches that take more than 20 % are trimmed to 10 %, and circuits pay for the rest.
    private static final int TRIM_FROM_DIVISOR = 5;
    private static final int TRIM_TO_DIVISOR = 10;
    // Ours: what cannot be relieved must not make the loop look through all circuits at every quantum.
    private static final long FUTILE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    // Ours: an operator needs the line once, not during every wave of a flood.
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MIB_SHIFT = 20;
    // Ours: who reads at all takes something within seconds; queues of a stream in use turn over in less.
    static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(10);
    // Ours: as long as a client waits before it builds another circuit; a flood that goes on brings the next relief.
    static final long REFUSING_NANOS = TimeUnit.SECONDS.toNanos(10);

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
        /// @param what as what it is closed, unless it has waited for so long that it counts as stalled
        /// @param oldestNanos when the oldest of its data came, in ticker nanoseconds
        /// @param close gives all of its memory back before it returns
        void offer(Shedding what, long oldestNanos, Runnable close);
    }

    /// Whoever can let go of memory of its own choice.
    @FunctionalInterface
    public interface Trim {
        /// Holds at most `bytes` of its kind when it returns, if it can.
        void to(long bytes);
    }

    private record Trimmed(MemoryKind kind, Trim trim) {}

    private record Offer(Shedding what, long ageNanos, Runnable close) {}

    private final MemoryAccount account;
    private final World world;
    private final String relay;
    private final FaultCounters faults;
    private final Overload overload;
    private final OwnBugs bugs;
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final List<Trimmed> trims = new CopyOnWriteArrayList<>();
    private final LongAdder closed = new LongAdder();
    private final AtomicLongArray freedBytes = new AtomicLongArray(MemoryKind.COUNT);
    private final Set<Shedding> refused = EnumSet.noneOf(Shedding.class);
    private long refusedNanos;
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
        long sum = 0;
        for (MemoryKind kind : MemoryKind.values()) {
            sum += freedBytes(kind);
        }
        return sum;
    }

    /// Those of one purpose.
    public long freedBytes(MemoryKind kind) {
        return freedBytes.get(kind.slot);
    }

    /// Whether new things of that kind are refused: memory was short a moment ago, and their turn had come.
    public boolean refuses(Shedding what) {
        if (refused.isEmpty() || !refused.contains(what)) {
            return false;
        }
        if (world.ticker().nanoTime() - refusedNanos < REFUSING_NANOS) {
            return true;
        }
        refused.clear();
        return false;
    }

    /// Makes the account hold at most `targetBytes`, as far as closing helps.
    void run(long targetBytes) {
        long now = world.ticker().nanoTime();
        if (account.held() <= targetBytes || (futile && now - futileNanos < FUTILE_PAUSE_NANOS)) {
            return;
        }
        long[] before = account.heldByKind();
        faults.count(RAN);
        overload.general();
        refused.clear();
        refusedNanos = now;
        List<Shedding> order = account.order();
        List<Offer> offers = null;
        for (Shedding what : order) {
            if (account.held() <= targetBytes) {
                break;
            }
            if (what.refuses()) {
                refused.add(what);
            }
            trimLarge(what, targetBytes);
            if (isClosed(what) && account.held() > targetBytes) {
                offers = offers == null ? offers(now) : offers;
                closeOldest(what, offers, targetBytes);
            }
        }
        for (Shedding what : order) {
            trimAll(what, targetBytes);
        }
        futile = account.held() > targetBytes;
        futileNanos = now;
        long[] after = account.heldByKind();
        for (int slot = 0; slot < after.length; slot++) {
            freedBytes.addAndGet(slot, Math.max(0, before[slot] - after[slot]));
        }
        say(now);
    }

    private static boolean isClosed(Shedding what) {
        return switch (what) {
            case STALLED, DIRECTORY, CIRCUITS, STREAMS -> true;
            case NEW_HANDSHAKES, STUCK_LINKS, CACHES -> false;
        };
    }

    private List<Offer> offers(long now) {
        List<Offer> offers = new ArrayList<>();
        for (Source source : sources) {
            source.offerTo((what, oldestNanos, close) -> {
                long age = now - oldestNanos;
                offers.add(new Offer(age >= STALLED_NANOS ? Shedding.STALLED : what, age, close));
            });
        }
        offers.sort(Comparator.comparingLong(Offer::ageNanos).reversed());
        return offers;
    }

    private void closeOldest(Shedding what, List<Offer> offers, long targetBytes) {
        for (Offer offer : offers) {
            if (account.held() <= targetBytes) {
                return;
            }
            if (offer.what() != what) {
                continue;
            }
            try {
                offer.close().run();
            } catch (RuntimeException e) {
                bugs.note(e);
            }
            faults.count(CLOSED);
            closed.increment();
        }
    }

    /// What takes more than its part, before anybody loses a circuit for it.
    private void trimLarge(Shedding what, long targetBytes) {
        for (Trimmed each : trims) {
            if (each.kind().shedding == what && account.held(each.kind()) > targetBytes / TRIM_FROM_DIVISOR) {
                trim(each, targetBytes / TRIM_TO_DIVISOR);
            }
        }
    }

    private void trimAll(Shedding what, long targetBytes) {
        for (Trimmed each : trims) {
            if (each.kind().shedding == what && account.held() > targetBytes) {
                trim(each, 0);
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
