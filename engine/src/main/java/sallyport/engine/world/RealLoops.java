package sallyport.engine.world;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Epoll loops, or NIO where epoll is missing.
final class RealLoops implements Loops {
    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> all;

    RealLoops(int count) {
        group = new MultiThreadIoEventLoopGroup(
                count,
                new DefaultThreadFactory("loop"),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : group) {
            loops.add((EventLoop) loop);
        }
        all = List.copyOf(loops);
    }

    @Override
    public List<EventLoop> all() {
        return all;
    }

    @Override
    public void afterTurn(EventLoop loop, Runnable work) {
        if (loop instanceof SingleThreadIoEventLoop real) {
            real.executeAfterEventLoopIteration(work);
        } else {
            loop.execute(work);
        }
    }

    void close(Duration limit) {
        group.shutdownGracefully(0, limit.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(limit.toMillis() + 1000);
    }
}
