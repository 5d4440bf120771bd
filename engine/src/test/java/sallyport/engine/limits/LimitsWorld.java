package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SteppedTicker;
import sallyport.engine.world.Tasks;

/// A world with one loop whose turns end when told, a clock that stands, a log, and tasks that are begun
/// and never run.
final class LimitsWorld implements ClosedWorld, Loops {
    private final Entropy entropy = new SeededEntropy(1);
    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private final Queue<Runnable> turnEnds = new ArrayDeque<>();
    final List<String> lines = new ArrayList<>();
    final List<String> begun = new ArrayList<>();
    final FaultCounters faults = new FaultCounters();
    long nanos = 1_000_000;
    Instant instant = Instant.parse("2026-11-22T08:30:00Z");

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
        return (SteppedTicker) () -> nanos;
    }

    @Override
    public InstantSource clock() {
        return () -> instant;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Tasks tasks() {
        return new Tasks() {
            @Override
            public Task start(String name, Body body) {
                begun.add(name);
                return new Task() {
                    @Override
                    public void cancel() {
                        begun.remove(name);
                    }

                    @Override
                    public boolean join(Duration limit) {
                        return !begun.contains(name);
                    }
                };
            }

            @Override
            public void sleep(Duration duration) {
                throw ClosedWorld.shut("task that sleeps");
            }

            @Override
            public <T> T await(CompletionStage<T> stage, Duration limit) {
                throw ClosedWorld.shut("task that waits");
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
}
