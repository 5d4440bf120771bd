package sallyport.engine.limits;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import sallyport.engine.accounting.FaultCounters;

/// A number of things that the process may have at once, FDs for instance. Half of them is divided among
/// the instances in equal guaranteed parts; the other half is lent to whoever comes first. So no instance
/// can take all, and one that is alone busy gets most. Where one is refused that has less than its fair
/// share ([FairShare]), those that have more owe what is above it, and give back what they can spare.
public final class CountBudget {
    // Ours: each loop looks at its own moment, so a refusal has to stand until all others have looked once.
    private static final int REFUSED_LOOKS = 2;

    private final int total;
    private final String refused;
    /// What nobody has and nobody was guaranteed. Below zero for a while when parts shrink that are in use.
    private final AtomicInteger common;
    private final CopyOnWriteArrayList<Share> all = new CopyOnWriteArrayList<>();
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

    /// What is left for whoever comes first.
    public int free() {
        return Math.max(0, common.get());
    }

    /// @param onRefused told of each refusal
    synchronized Share open(FaultCounters faults, Runnable onRefused) {
        divide(shares + 1);
        Share share = new Share(faults, onRefused);
        all.add(share);
        return share;
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

    /// The most that anybody may have so that whoever was refused lately gets as much; everything where
    /// nobody was. What is guaranteed to somebody is nobody else's, used or not.
    private long fairLevel() {
        Share[] now = all.toArray(Share[]::new);
        long[] wanted = new long[now.length];
        boolean anybody = false;
        for (int i = 0; i < now.length; i++) {
            boolean refusedLately = now[i].refusedFor > 0;
            anybody |= refusedLately;
            wanted[i] = refusedLately ? total : Math.max(guaranteed, now[i].published);
        }
        return anybody ? FairShare.level(wanted, total) : Long.MAX_VALUE;
    }

    /// One instance's part. Runs on its loop.
    public final class Share {
        private final FaultCounters faults;
        private final Runnable onRefused;
        /// Taken of the guaranteed part, and of the common half.
        private int own;

        private int borrowed;
        private boolean retired;
        private boolean owes;
        /// What it has, for others to see.
        private volatile int published;
        /// For how many more looks of its own it counts as refused; others see it.
        private volatile int refusedFor;

        private Share(FaultCounters faults, Runnable onRefused) {
            this.faults = faults;
            this.onRefused = onRefused;
        }

        /// Takes one. Where there is none left, counts that and answers false.
        public boolean tryAcquire() {
            settle();
            if (!retired && own < guaranteed) {
                own++;
                published = used();
                return true;
            }
            if (!retired && takeCommon()) {
                borrowed++;
                published = used();
                return true;
            }
            refusedFor = retired ? 0 : REFUSED_LOOKS;
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
            published = used();
        }

        /// How many of those it has it should give back, for another one has less than its fair share and
        /// was refused. To be asked every few seconds.
        public int owed() {
            long level = fairLevel();
            int looks = refusedFor;
            if (looks > 0) {
                refusedFor = looks - 1;
            }
            int owed = (int) Math.max(0, used() - level);
            owes = owed > 0;
            return owed;
        }

        /// Whether it was refused lately, or owed others something when it looked last.
        public boolean isShort() {
            return owes || refusedFor > 0;
        }

        /// What nobody else can take from it.
        public int guaranteed() {
            return retired ? 0 : guaranteed;
        }

        /// What it has of what is common to all.
        public int borrowed() {
            return borrowed;
        }

        public int used() {
            return own + borrowed;
        }

        /// The instance has stopped: it gets no more, and what it still has counts as common until it is
        /// given back.
        void retire() {
            if (!retired) {
                retired = true;
                refusedFor = 0;
                all.remove(this);
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
