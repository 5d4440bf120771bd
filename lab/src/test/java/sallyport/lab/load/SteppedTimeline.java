package sallyport.lab.load;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Time that passes when it is told to.
final class SteppedTimeline implements Timeline {
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));
    private long now;
    private long order;

    private record Due(long nanos, long order, Runnable task) {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void at(long nanos, Runnable task) {
        due.add(new Due(Math.max(nanos, now), order++, task));
    }

    void after(Duration delay, Runnable task) {
        at(now + delay.toNanos(), task);
    }

    /// Passes without a task being run; what was due meanwhile is late.
    void stall(Duration time) {
        now += time.toNanos();
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        while (!due.isEmpty() && due.element().nanos <= end) {
            Due next = due.remove();
            now = Math.max(now, next.nanos);
            next.task.run();
        }
        now = end;
    }
}
