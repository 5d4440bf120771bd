package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.Network;
import sallyport.engine.world.Resources;
import sallyport.engine.world.Storage;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// A world with one loop whose turns end when told, a clock that stands, and a log.
final class LimitsWorld implements World, Loops {
    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private final Queue<Runnable> turnEnds = new ArrayDeque<>();
    final List<String> lines = new ArrayList<>();
    final FaultCounters faults = new FaultCounters();
    long nanos = 1_000_000;

    EventLoop loop() {
        return loop;
    }

    void turn() {
        for (Runnable end = turnEnds.poll(); end != null; end = turnEnds.poll()) {
            end.run();
        }
    }

    @Override
    public void afterTurn(EventLoop on, Runnable work) {
        turnEnds.add(work);
    }

    @Override
    public List<EventLoop> all() {
        return List.of(loop);
    }

    @Override
    public Ticker ticker() {
        return new Ticker() {
            @Override
            public long initialNanoTime() {
                return 0;
            }

            @Override
            public long nanoTime() {
                return nanos;
            }

            @Override
            public void sleep(long delay, TimeUnit unit) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public Loops loops() {
        return this;
    }

    @Override
    public Log log() {
        return (level, relay, text) -> lines.add(level + " " + relay + " " + text);
    }

    @Override
    public InstantSource clock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Entropy entropy() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Network network() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Workers workers() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tasks tasks() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Storage storage() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Resources resources() {
        throw new UnsupportedOperationException();
    }
}
