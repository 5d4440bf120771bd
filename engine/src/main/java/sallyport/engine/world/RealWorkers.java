package sallyport.engine.world;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One fixed pool a kind, each with a bounded queue.
final class RealWorkers implements Workers {
    private final Map<Kind, ThreadPoolExecutor> pools = new EnumMap<>(Kind.class);
    private final Log log;

    RealWorkers(int threads, Log log) {
        this.log = log;
        // Ours: 8,192 onion skins are over a second of work for one thread. Each instance puts a few here and keeps
        // the rest, so hundreds of instances must be flooded at once to fill it.
        pools.put(Kind.ONION_SKIN, pool("onionskin", threads, 8192));
        pools.put(Kind.CERTIFICATE, pool("certificate", 1, 1024));
        pools.put(Kind.BULK, pool("bulk", 1, 1024));
    }

    @Override
    public <T> boolean submit(Kind kind, Callable<T> work, EventLoop loop, Answer<T> answer) {
        try {
            pool(kind).execute(() -> run(work, loop, answer));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public int threads(Kind kind) {
        return pool(kind).getCorePoolSize();
    }

    @Override
    public int waiting(Kind kind) {
        return pool(kind).getQueue().size();
    }

    void close() {
        pools.values().forEach(ThreadPoolExecutor::shutdownNow);
    }

    private <T> void run(Callable<T> work, EventLoop loop, Answer<T> answer) {
        T value = null;
        Throwable failure = null;
        try {
            value = work.call();
        } catch (Throwable t) {
            failure = t;
        }
        T result = value;
        Throwable problem = failure;
        try {
            loop.execute(() -> answer.done(result, problem));
        } catch (RejectedExecutionException e) {
            log.debug("", "a worker's answer came after its loop had ended");
        }
    }

    private ThreadPoolExecutor pool(Kind kind) {
        ThreadPoolExecutor pool = pools.get(kind);
        if (pool == null) {
            throw new IllegalStateException("no pool for " + kind);
        }
        return pool;
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queueEntries) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueEntries),
                new DefaultThreadFactory(name, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
