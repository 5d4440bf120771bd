package sallyport.engine.limits;

import java.util.concurrent.atomic.AtomicInteger;
import sallyport.engine.accounting.FaultCounters;

/// A number of things that the process may have at once, FDs for instance. Half of them is divided among the instances
/// in equal guaranteed parts; the other half is for whoever comes first. So no instance can take all, and one that is
/// alone busy gets most.
public final class CountBudget {
    private final int total;
    private final String refused;
    /// What nobody has and nobody was guaranteed. Below zero for a while when parts shrink that are in use.
    private final AtomicInteger common;
    private int shares;
    private volatile int guaranteed;

    /// @param refused a constant text: as what a refusal is counted
    public CountBudget(int total, String refused) {
        this.total = total;
        this.refused = refused;
        this.common = new AtomicInteger(total);
    }

    public int total() {
        return total;
    }

    /// @param onRefused told of each refusal
    synchronized Share open(FaultCounters faults, Runnable onRefused) {
        divide(shares + 1);
        return new Share(faults, onRefused);
    }

    private synchronized void divide(int among) {
        int part = among == 0 ? 0 : total / 2 / among;
        common.addAndGet(shares * guaranteed - among * part);
        shares = among;
        guaranteed = part;
    }

    private boolean takeCommon() {
        int free = common.get();
        while (free > 0) {
            if (common.compareAndSet(free, free - 1)) {
                return true;
            }
            free = common.get();
        }
        return false;
    }

    /// One instance's part. Runs on its loop.
    public final class Share {
        private final FaultCounters faults;
        private final Runnable onRefused;
        /// Taken of the guaranteed part, and of the common half.
        private int own;

        private int borrowed;
        private boolean retired;

        private Share(FaultCounters faults, Runnable onRefused) {
            this.faults = faults;
            this.onRefused = onRefused;
        }

        /// Takes one. Where there is none left, counts that and answers false.
        public boolean tryAcquire() {
            settle();
            if (!retired && own < guaranteed) {
                own++;
                return true;
            }
            if (!retired && takeCommon()) {
                borrowed++;
                return true;
            }
            faults.count(refused);
            onRefused.run();
            return false;
        }

        /// Gives one back.
        public void release() {
            if (used() == 0) {
                throw new IllegalStateException("released more than was acquired");
            }
            if (borrowed > 0) {
                borrowed--;
                common.incrementAndGet();
            } else {
                own--;
            }
        }

        public int used() {
            return own + borrowed;
        }

        /// The instance has stopped: it gets no more, and what it still has counts as common until it is given back.
        void retire() {
            if (!retired) {
                retired = true;
                divide(shares() - 1);
                settle();
            }
        }

        /// Follows a guaranteed part that has changed.
        private void settle() {
            int part = retired ? 0 : guaranteed;
            int moved = own > part ? own - part : -Math.min(borrowed, part - own);
            if (moved != 0) {
                own -= moved;
                borrowed += moved;
                common.addAndGet(-moved);
            }
        }
    }

    private synchronized int shares() {
        return shares;
    }
}
