package sallyport.lab.load;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/// The real time of an event loop.
///
/// @param loop of the load
public record LoopTimeline(EventLoop loop) implements Timeline {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void at(long nanos, Runnable task) {
        long delay = nanos - System.nanoTime();
        if (delay <= 0) {
            loop.execute(task);
        } else {
            var _ = loop.schedule(task, delay, TimeUnit.NANOSECONDS);
        }
    }
}
