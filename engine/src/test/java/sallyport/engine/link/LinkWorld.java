package sallyport.engine.link;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import sallyport.engine.world.ClosedNetwork;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.Network;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.WorkDone;
import sallyport.engine.world.Workers;

/// As much of a world as links touch, on the test's own thread: connections are embedded channels, a turn
/// of the loop ends when the test says so.
final class LinkWorld implements ClosedWorld {
    private final MockTicker ticker = Ticker.newMockTicker();
    private final ArrayDeque<Runnable> turnEnd = new ArrayDeque<>();
    private final EmbeddedChannel clockwork =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final EventLoop loop = clockwork.eventLoop();
    private final Entropy entropy;
    private final List<String> lines = new ArrayList<>();
    private final List<EmbeddedChannel> connected = new ArrayList<>();
    private boolean connectsFail;
    private boolean workersFull;
    private Duration clockAhead = Duration.ZERO;

    LinkWorld(long seed) {
        entropy = new SeededEntropy(seed);
    }

    /// A channel that pretends to come from an address.
    static EmbeddedChannel channel(InetSocketAddress remote) {
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return remote;
            }
        };
    }

    EventLoop loop() {
        return loop;
    }

    /// Ends the turn: flushes and the like.
    void endTurn() {
        for (Runnable work = turnEnd.poll(); work != null; work = turnEnd.poll()) {
            work.run();
        }
    }

    /// What was given to the loop: the next turn.
    void runTasks() {
        clockwork.runPendingTasks();
    }

    void advance(Duration time) {
        endTurn();
        ticker.advance(time.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
        clockwork.runScheduledPendingTasks();
    }

    /// Connections that were dialed, oldest first.
    List<EmbeddedChannel> connected() {
        return connected;
    }

    void connectsFail(boolean fail) {
        connectsFail = fail;
    }

    void clockAhead(Duration ahead) {
        clockAhead = ahead;
    }

    void workersFull(boolean full) {
        workersFull = full;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.offset(InstantSource.system(), clockAhead);
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Loops loops() {
        return new Loops() {
            @Override
            public List<EventLoop> all() {
                return List.of(loop);
            }

            @Override
            public void afterTurn(EventLoop ofLoop, Runnable work) {
                turnEnd.add(work);
            }
        };
    }

    @Override
    public Network network() {
        return new ClosedNetwork() {
            @Override
            public ChannelFuture connect(
                    EventLoop onLoop,
                    InetSocketAddress remote,
                    InetAddress source,
                    int timeoutMillis,
                    ChannelHandler handler) {
                EmbeddedChannel channel = channel(remote);
                if (connectsFail) {
                    channel.close();
                    return channel.newFailedFuture(new ConnectException());
                }
                connected.add(channel);
                channel.pipeline().addLast(handler);
                return channel.newSucceededFuture();
            }
        };
    }

    /// Works at once, and answers when the turn ends.
    @Override
    public Workers workers() {
        return new Workers() {
            @Override
            public <T> boolean submit(Kind kind, Callable<T> work, EventLoop answerOn, Answer<T> answer) {
                if (workersFull) {
                    return false;
                }
                turnEnd.add(WorkDone.of(work, answer));
                return true;
            }

            @Override
            public int waiting(Kind kind) {
                return 0;
            }

            @Override
            public int threads(Kind kind) {
                return 1;
            }
        };
    }

    @Override
    public Log log() {
        return (level, relay, text) -> lines.add(level + " " + text);
    }
}
