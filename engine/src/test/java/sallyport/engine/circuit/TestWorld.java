package sallyport.engine.circuit;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.WaitingWorkers;
import sallyport.engine.world.Workers;

/// A world that moves only when told: time, with the loop's timers, by [#advance], ends of turns by
/// [#turn], workers by [#work]. Randomness follows a seed. It has no sockets, files or tasks.
public final class TestWorld implements ClosedWorld, Log, Loops, Entropy, InstantSource {
    private final Random random;
    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel clockwork =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final EventLoop loop = clockwork.eventLoop();
    private final Queue<Runnable> turnEnds = new ArrayDeque<>();
    private final WaitingWorkers workers = new WaitingWorkers();
    final List<String> lines = new ArrayList<>();

    public TestWorld(long seed) {
        random = new Random(seed);
    }

    public EventLoop loop() {
        return loop;
    }

    void advance(long seconds) {
        advance(seconds, TimeUnit.SECONDS);
    }

    /// Lets time pass, and the loop do what is due.
    public void advanceMillis(long millis) {
        advance(millis, TimeUnit.MILLISECONDS);
    }

    void advanceMicros(long micros) {
        advance(micros, TimeUnit.MICROSECONDS);
    }

    /// Whether the loop has been asked for anything later.
    boolean hasTimers() {
        return clockwork.runScheduledPendingTasks() >= 0;
    }

    private void advance(long time, TimeUnit unit) {
        ticker.advance(time, unit);
        clockwork.runScheduledPendingTasks();
    }

    /// Ends the loop's turn, and those that this begins.
    public void turn() {
        for (Runnable end = turnEnds.poll(); end != null; end = turnEnds.poll()) {
            end.run();
        }
    }

    /// Lets the workers finish what waits, and the loop hear of it.
    public void work() {
        workers.work();
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
    public void secret(byte[] out, int offset, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, out, offset, length);
    }

    @Override
    public void padding(byte[] out, int offset, int length) {
        secret(out, offset, length);
    }

    @Override
    public long jitter(long bound) {
        return random.nextLong(bound);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(1_800_000_000).plusNanos(ticker.nanoTime());
    }

    @Override
    public void line(Level level, String relay, String text) {
        lines.add(level + " " + text);
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public InstantSource clock() {
        return this;
    }

    @Override
    public Entropy entropy() {
        return this;
    }

    @Override
    public Loops loops() {
        return this;
    }

    @Override
    public Workers workers() {
        return workers;
    }

    @Override
    public Log log() {
        return this;
    }
}
