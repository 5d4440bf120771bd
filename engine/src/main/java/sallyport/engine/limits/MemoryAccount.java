package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Overload;
import sallyport.engine.world.World;

/// What one instance holds of the process's [MemoryBudget]. Its loop counts in plain fields and tells the
/// budget in coarse quanta, so that counting a cell costs an addition.
///
/// Runs on: the instance's loop, except [#published] and [#ask].
public final class MemoryAccount {
    // Ours: 64 KiB are 115 cells, so a loaded loop touches the shared sum some thousand times a second; a hundred
    // instances together are known to within 6 MiB.
    static final int QUANTUM_BYTES = 64 * 1024;

    private final MemoryBudget budget;
    private final World world;
    private final EventLoop loop;
    private final MemoryRelief relief;

    private final long[] bytes = new long[MemoryKind.COUNT];
    private long held;
    private volatile long published;

    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile long target;

    MemoryAccount(
            MemoryBudget budget, World world, EventLoop loop, String relay, FaultCounters faults, Overload overload) {
        this.budget = budget;
        this.world = world;
        this.loop = loop;
        this.relief = new MemoryRelief(this, world, relay, faults, overload);
    }

    /// Counts bytes that are held from now on, or, where negative, no longer are.
    public void add(MemoryKind kind, long delta) {
        assert loop.inEventLoop();
        bytes[kind.slot] += delta;
        held += delta;
        long unpublished = held - published;
        if (unpublished >= QUANTUM_BYTES || unpublished <= -QUANTUM_BYTES) {
            publish();
        }
    }

    /// States what is held for that purpose, in bytes, where somebody else keeps the sum.
    public void set(MemoryKind kind, long total) {
        add(kind, total - bytes[kind.slot]);
    }

    /// Bytes held, to the byte.
    public long held() {
        return held;
    }

    /// Bytes held for one purpose.
    public long held(MemoryKind kind) {
        return bytes[kind.slot];
    }

    long[] heldByKind() {
        return bytes.clone();
    }

    /// Bytes that all instances together may hold.
    public long limitBytes() {
        return budget.limitBytes();
    }

    /// Who closes what holds memory when it runs short; to be said before anything is counted.
    public MemoryRelief relief() {
        return relief;
    }

    /// What gives way first.
    List<Shedding> order() {
        return budget.order();
    }

    /// Bytes held as the others know it, within a quantum. From any thread.
    long published() {
        return published;
    }

    /// Asks the instance to hold no more than `targetBytes`. From any thread; asking again before it was
    /// done changes the target.
    void ask(long targetBytes) {
        target = targetBytes;
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        if (loop.inEventLoop()) {
            // Not here: whoever counts is in the midst of its work on what may have to be closed.
            world.loops().afterTurn(loop, this::relieve);
        } else {
            try {
                loop.execute(this::relieve);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and what it held with it.
                asked.set(false);
            }
        }
    }

    /// The instance has stopped. What is still flushed away goes on being counted.
    void retire() {
        publish();
        budget.forget(this);
    }

    private void relieve() {
        asked.set(false);
        relief.run(target);
        publish();
    }

    private void publish() {
        long delta = held - published;
        published = held;
        budget.changed(delta);
    }

    @Override
    public String toString() {
        return held + " bytes " + Arrays.toString(bytes);
    }
}
