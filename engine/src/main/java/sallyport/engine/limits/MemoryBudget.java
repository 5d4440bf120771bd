package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Overload;
import sallyport.engine.world.World;

/// The memory that all instances of the process may hold in queues (C tor's `MaxMemInQueues`);
/// thread-safe and free of locks. Whoever makes the sum pass the limit asks those instances for relief
/// that hold more than their fair share ([decision 5](docs/decisions/0005-memory-budget.md)).
public final class MemoryBudget {
    // C tor's FRACTION_OF_DATA_TO_RETAIN_ON_OOM.
    private static final int RETAINED_PERCENT = 90;

    private final World world;
    private final long limitBytes;
    private volatile List<Shedding> order = Shedding.DEFAULT;
    private final AtomicLong total = new AtomicLong();
    private final CopyOnWriteArrayList<MemoryAccount> accounts = new CopyOnWriteArrayList<>();

    public MemoryBudget(World world, long limitBytes) {
        this.world = world;
        this.limitBytes = limitBytes;
    }

    /// What gives way first, from now on.
    void follow(List<Shedding> shedding) {
        order = shedding;
    }

    List<Shedding> order() {
        return order;
    }

    public long limitBytes() {
        return limitBytes;
    }

    /// Bytes held by all, known to within a quantum an instance.
    public long heldBytes() {
        return total.get();
    }

    /// @param relay our id, for the log
    MemoryAccount open(String relay, EventLoop loop, FaultCounters faults, Overload overload) {
        MemoryAccount account = new MemoryAccount(this, world, loop, relay, faults, overload);
        accounts.add(account);
        return account;
    }

    World world() {
        return world;
    }

    void forget(MemoryAccount account) {
        accounts.remove(account);
    }

    void changed(long delta) {
        long now = total.addAndGet(delta);
        if (delta > 0 && now > limitBytes) {
            askForRelief(now);
        }
    }

    private void askForRelief(long now) {
        List<MemoryAccount> all = new ArrayList<>(accounts);
        long[] held = new long[all.size()];
        long sum = 0;
        for (int i = 0; i < held.length; i++) {
            held[i] = all.get(i).published();
            sum += held[i];
        }
        // What stopped instances still flush counts, but nobody can be asked for it.
        long retained = limitBytes / 100 * RETAINED_PERCENT - Math.max(0, now - sum);
        long share = FairShare.level(held, Math.max(0, retained));
        for (int i = 0; i < held.length; i++) {
            if (held[i] > share) {
                all.get(i).ask(share);
            }
        }
    }
}
