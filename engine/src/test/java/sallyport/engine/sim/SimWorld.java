package sallyport.engine.sim;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.Network;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SteppedTicker;
import sallyport.engine.world.WorkDone;
import sallyport.engine.world.Workers;

/// The whole outside in one queue of events, ordered by a time that nobody waits for. Whatever happens
/// was drawn from the seed, so the same seed does the same again, event by event, and [#trace] says
/// whether it did.
public final class SimWorld implements ClosedWorld, Loops, Workers, Log {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Temper USUAL = new Temper(50_000_000, 50);
    // What a loop needs until it turns again, at most.
    private static final long TURN_NANOS_MAX = 20_000;
    // How far apart things may happen that one turn still finds together.
    private static final long JOIN_NANOS = 30_000;

    /// How the outside behaves under one seed.
    ///
    /// @param workerNanosMax the longest a worker keeps an onion skin
    /// @param joinPercent how often a turn takes along what happens right after
    record Temper(long workerNanosMax, int joinPercent) {}

    private record Event(long nanos, long order, SimLoop loop, String what, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return nanos == other.nanos ? Long.compare(order, other.order) : Long.compare(nanos, other.nanos);
        }
    }

    private final SplittableRandom random;
    private final Temper temper;
    private final SeededEntropy entropy;
    private final Trace trace;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<EventLoop> engineLoops = new ArrayList<>();
    private final SimLoop outside;
    private final SimNetwork network;
    private final Ticker ticker = (SteppedTicker) () -> nanos();
    private long nanos = 1;
    private long order;
    private long done;
    private @Nullable String failure;
    private final Instant start;
    private final List<SimMachine> machines = new ArrayList<>();
    private LogReader reader = (_, _, _, _) -> {};

    /// Hears what machines log.
    @FunctionalInterface
    public interface LogReader {
        void read(String machine, Level level, String relay, String text);
    }

    /// A world in which machines may settle, from a moment on; its network is one of fast lines without
    /// stalls.
    public SimWorld(long seed, Instant start, Trace trace) {
        this(seed, 0, USUAL, SimNetwork.Weather.FAIR, trace, start);
    }

    SimWorld(long seed, int loops, Temper temper, SimNetwork.Weather weather, Trace trace) {
        this(seed, loops, temper, weather, trace, START);
    }

    private SimWorld(long seed, int loops, Temper temper, SimNetwork.Weather weather, Trace trace, Instant start) {
        this.start = start;
        SplittableRandom root = new SplittableRandom(seed);
        this.random = root.split();
        this.entropy = new SeededEntropy(root.nextLong());
        this.temper = temper;
        this.trace = trace;
        for (int i = 0; i < loops; i++) {
            engineLoops.add(new SimLoop(this, "loop" + i));
        }
        outside = new SimLoop(this, "outside");
        network = new SimNetwork(this, root.split(), weather);
    }

    /// Ends of TCP connections that somebody holds.
    public int connections() {
        return network.open().size();
    }

    /// Cuts a part of the machines off from all others: their connections break, and who dials gets no
    /// answer.
    ///
    /// @param island who stays connected among themselves; nobody for a whole network again
    public void part(List<SimMachine> island) {
        network.part(island);
    }

    /// Lets everything take so many times as long on its way.
    public void slow(int factor) {
        network.slow(factor);
    }

    /// Has somebody hear what machines log from now on.
    public void read(LogReader by) {
        reader = by;
    }

    /// Lets time pass, and all that happens in it. Ends early where the seed has failed.
    public void run(Duration time) {
        long until = nanos + time.toNanos();
        boolean more = true;
        while (more && failure == null) {
            more = step(until);
        }
    }

    /// The same, until a condition holds; it is looked at every virtual second.
    ///
    /// @return whether it does
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long until = nanos + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (nanos >= until || failure != null) {
                return false;
            }
            run(Duration.ofSeconds(1));
        }
        return true;
    }

    void settle(SimMachine machine) {
        machines.add(machine);
    }

    void leave(SimMachine machine) {
        machines.remove(machine);
    }

    void said(String machine, Level level, String relay, String text) {
        trace.add(nanos, machine, relay + " " + level + " " + text, 0);
        reader.read(machine, level, relay, text);
    }

    long between(long min, long max) {
        return random.nextLong(min, max);
    }

    /// Where clients, servers and name servers live: nobody's loop.
    SimLoop outside() {
        return outside;
    }

    SimLoop loop(int number) {
        return (SimLoop) engineLoops.get(number);
    }

    public long nanos() {
        return nanos;
    }

    /// Events so far.
    public long done() {
        return done;
    }

    Trace trace() {
        return trace;
    }

    long turnNanos() {
        return random.nextLong(1, TURN_NANOS_MAX);
    }

    /// Lets something happen on a loop at a time; what happens at the same time happens in the order of
    /// the calls.
    void at(long when, SimLoop loop, String what, Runnable run) {
        events.add(new Event(Math.max(when, nanos), order++, loop, what, run));
    }

    void in(long delayNanos, SimLoop loop, String what, Runnable run) {
        at(nanos + delayNanos, loop, what, run);
    }

    /// The next event, if there is one before `untilNanos`; else time moves there.
    boolean step(long untilNanos) {
        Event next = events.peek();
        if (next == null || next.nanos > untilNanos) {
            nanos = Math.max(nanos, untilNanos);
            return false;
        }
        events.remove();
        nanos = next.nanos;
        note(next);
        next.loop.turn(next.run);
        return true;
    }

    /// Whether the next event is one of that loop and near enough to belong to the turn that it is in.
    boolean joinTurn(SimLoop loop) {
        Event next = events.peek();
        return next != null
                && next.loop == loop
                && next.nanos - nanos < JOIN_NANOS
                && random.nextInt(100) < temper.joinPercent;
    }

    void runNext() {
        Event next = events.remove();
        nanos = Math.max(nanos, next.nanos);
        note(next);
        next.run.run();
    }

    /// The seed has failed: something happened that must not. Only the first failure is kept.
    void fail(String what) {
        if (failure == null) {
            failure = what + " at " + nanos / 1000 + " us";
        }
    }

    /// Why the seed has failed; null while it has not.
    public @Nullable String failure() {
        return failure;
    }

    /// Whether nothing will ever happen again.
    boolean isStill() {
        return events.isEmpty();
    }

    private void note(Event event) {
        done++;
        trace.add(nanos, event.loop.toString(), event.what, 0);
    }

    @Override
    public <T> boolean submit(Kind kind, Callable<T> work, EventLoop loop, Answer<T> answer) {
        in(
                1 + random.nextLong(temper.workerNanosMax),
                (SimLoop) loop,
                "worker",
                () -> WorkDone.of(work, answer).run());
        return true;
    }

    @Override
    public int waiting(Kind kind) {
        return 0;
    }

    @Override
    public int threads(Kind kind) {
        return engineLoops.size();
    }

    @Override
    public List<EventLoop> all() {
        return engineLoops;
    }

    @Override
    public void afterTurn(EventLoop loop, Runnable work) {
        ((SimLoop) loop).afterTurn(work);
    }

    @Override
    public void line(Level level, String relay, String text) {
        trace.add(nanos, relay, level + " " + text, 0);
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public InstantSource clock() {
        return () -> start.plusNanos(nanos);
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Loops loops() {
        return this;
    }

    @Override
    public Network network() {
        return network;
    }

    SimNetwork net() {
        return network;
    }

    @Override
    public Workers workers() {
        return this;
    }

    @Override
    public Log log() {
        return this;
    }
}
