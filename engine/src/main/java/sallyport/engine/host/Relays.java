package sallyport.engine.host;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.instance.RelayInstance;
import sallyport.engine.limits.Turns;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// The relays of one process: how each of them starts, drains, stops and is started again. Called from control tasks;
/// calls that change something exclude each other, and whoever else wants that locks this object.
final class Relays {
    // A cancelled start ends at its next wait; until then it may have to finish making an RSA key.
    private static final Duration START_END_LIMIT = Duration.ofSeconds(10);

    // How soon the end of the last circuit is noticed.
    private static final Duration DRAIN_LOOK_INTERVAL = Duration.ofMillis(500);

    private final World world;
    private final int loops;
    private final Maker maker;
    private final Turns starts;
    // Changed under our lock; the directory looks at it without.
    private final Map<String, Placed> relays = Collections.synchronizedMap(new LinkedHashMap<>());

    /// Wires a relay that has not started.
    @FunctionalInterface
    interface Maker {
        /// @param loop which one it lives on
        RelayInstance make(InstanceSpec spec, int loop);
    }

    /// A relay, the loop it lives on, and its turn to start.
    private record Placed(RelayInstance relay, int loop, Turns.Turn turn, Tasks.Task starting) {}

    /// @param loops how many there are
    /// @param startsAtOnce how many relays may start at a time; the others wait in their order
    Relays(World world, int loops, int startsAtOnce, Maker maker) {
        this.world = world;
        this.loops = loops;
        this.maker = maker;
        this.starts = new Turns(startsAtOnce);
    }

    /// A copy, in the order they were started. Takes no lock.
    List<RelayInstance> all() {
        return List.copyOf(relays.values()).stream().map(Placed::relay).toList();
    }

    /// @throws IllegalArgumentException where there is none
    RelayInstance get(String id) {
        return placed(id).relay();
    }

    /// Starts one relay in a task of its own when it is its turn, on the loop with the fewest relays. Its
    /// failure touches no other relay.
    synchronized void start(InstanceSpec spec) {
        if (relays.containsKey(spec.id())) {
            throw new IllegalStateException("relay " + spec.id() + " is there already");
        }
        relays.put(spec.id(), place(spec));
    }

    /// Starts a relay anew that is over, and has one that drains go on as if it had not.
    ///
    /// @throws Refused where it runs
    synchronized void start(String id) throws InterruptedException, Refused {
        Placed placed = placed(id);
        InstanceState state = placed.relay().status().state();
        if (state instanceof InstanceState.Draining) {
            placed.relay().resume();
        } else if (state.isOver()) {
            startAgain(placed);
        } else {
            throw new Refused("it runs already: " + state.word());
        }
    }

    private Placed place(InstanceSpec spec) {
        int loop = leastUsedLoop();
        RelayInstance relay = maker.make(spec, loop);
        // Here, not in the task: the order is that of the configuration.
        Turns.Turn turn = starts.ask();
        Tasks.Task starting = world.tasks().start("start of " + spec.id(), () -> start(relay, turn));
        return new Placed(relay, loop, turn, starting);
    }

    private void start(RelayInstance relay, Turns.Turn turn) throws InterruptedException {
        starts.await(turn, world.tasks());
        try {
            relay.start();
        } finally {
            starts.leave();
        }
    }

    private void startAgain(Placed over) throws InterruptedException {
        over.starting().join(START_END_LIMIT);
        InstanceSpec spec = over.relay().spec();
        // In place, so that the order stays.
        relays.put(spec.id(), place(spec));
    }

    /// Has one relay take nothing new, and stops it once its circuits have ended, after `limit` at the
    /// latest. Returns at once. Where it drains already, the new limit holds.
    ///
    /// @throws Refused where it is over
    synchronized void drain(String id, Duration limit) throws Refused, InterruptedException {
        end(id, limit, false);
    }

    /// The same, and starts it anew when it has stopped; one that is over is started at once.
    synchronized void restart(String id, Duration limit) throws InterruptedException {
        Placed placed = placed(id);
        try {
            end(id, limit, true);
        } catch (Refused over) {
            startAgain(placed);
        }
    }

    private void end(String id, Duration limit, boolean again) throws Refused, InterruptedException {
        Placed placed = placed(id);
        Instant until = world.clock().instant().plus(limit);
        if (placed.relay().status().state().isOver()) {
            throw new Refused(
                    "it does not run: " + placed.relay().status().state().word());
        }
        if (placed.relay().drain(until)) {
            world.tasks().start("drain of " + id, () -> awaitDrained(placed, until, limit, again));
            return;
        }
        // It has not begun to work, so there is nothing to wait for.
        stopStarting(id, placed);
        if (again) {
            startAgain(placed);
        }
    }

    private void awaitDrained(Placed placed, Instant until, Duration limit, boolean again) throws InterruptedException {
        RelayInstance relay = placed.relay();
        InstanceState awaited = new InstanceState.Draining(until);
        long begin = world.nanoTime();
        InstanceStatus status = relay.status();
        while (status.state().equals(awaited)
                && status.openCircuits() > 0
                && world.nanoTime() - begin < limit.toNanos()) {
            world.tasks().sleep(DRAIN_LOOK_INTERVAL);
            status = relay.status();
        }
        synchronized (this) {
            // Unless somebody thought better of it meanwhile.
            if (relay.status().state().equals(awaited)) {
                relay.stop();
                if (again && placed.equals(relays.get(relay.spec().id()))) {
                    startAgain(placed);
                }
            }
        }
    }

    /// Stops one relay; it can be started again.
    ///
    /// @throws Refused where it is over
    synchronized void stop(String id) throws InterruptedException, Refused {
        Placed placed = placed(id);
        InstanceState state = placed.relay().status().state();
        if (state.isOver()) {
            throw new Refused("it does not run: " + state.word());
        }
        stopStarting(id, placed);
    }

    /// Stops one relay and forgets it; its keys stay on the disk.
    synchronized void remove(String id) throws InterruptedException {
        Placed placed = placed(id);
        relays.remove(id);
        stopStarting(id, placed);
    }

    /// Stops and forgets all of them, running ones first: theirs are the circuits that wait for a reason.
    synchronized void close() throws InterruptedException {
        relays.values().forEach(placed -> placed.starting().cancel());
        List<Map.Entry<String, Placed>> starting = new ArrayList<>();
        for (Map.Entry<String, Placed> each : relays.entrySet()) {
            if (each.getValue().starting().join(Duration.ZERO)) {
                each.getValue().relay().stop();
            } else {
                starting.add(each);
            }
        }
        for (Map.Entry<String, Placed> each : starting) {
            stopStarting(each.getKey(), each.getValue());
        }
        relays.clear();
    }

    /// A start that went on after the stop would open what nobody closes.
    private void stopStarting(String id, Placed placed) throws InterruptedException {
        placed.starting().cancel();
        if (!placed.starting().join(START_END_LIMIT)) {
            world.log().error(id, "its start did not end in time");
        }
        placed.relay().stop();
    }

    /// In the order they were started. Takes no lock: it answers while a relay is being stopped.
    List<InstanceStatus> status() {
        Map<Turns.Turn, Integer> places = starts.places();
        return List.copyOf(relays.values()).stream()
                .map(placed -> {
                    InstanceStatus status = placed.relay().status();
                    Integer place = places.get(placed.turn());
                    return place == null || status.state().isOver() ? status : status.waitingAt(place);
                })
                .toList();
    }

    /// What every relay is, holds and counts, in the order they were started. Takes no lock; waits for
    /// the loops, but not long: a relay whose loop does not answer is reported without what only its loop
    /// knows.
    ///
    /// @param limit how long one loop may take to answer
    List<InstanceReport> reports(Duration limit) throws InterruptedException {
        Map<Turns.Turn, Integer> places = starts.places();
        List<CompletableFuture<InstanceReport>> asked = new ArrayList<>();
        for (Placed placed : List.copyOf(relays.values())) {
            Integer place = places.get(placed.turn());
            asked.add(placed.relay()
                    .report(limit)
                    .thenApply(report ->
                            place == null || report.status().state().isOver() ? report : report.waitingAt(place)));
        }
        List<InstanceReport> reports = new ArrayList<>();
        for (CompletableFuture<InstanceReport> each : asked) {
            try {
                // It times out by itself.
                reports.add(world.tasks().await(each, limit.multipliedBy(2)));
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("a report that failed", e);
            }
        }
        return reports;
    }

    private Placed placed(String id) {
        Placed placed = relays.get(id);
        if (placed == null) {
            throw new IllegalArgumentException("no relay " + id);
        }
        return placed;
    }

    private int leastUsedLoop() {
        int[] used = new int[loops];
        relays.values().stream()
                .filter(placed -> !placed.relay().status().state().isOver())
                .forEach(placed -> used[placed.loop()]++);
        int least = 0;
        for (int i = 1; i < used.length; i++) {
            if (used[i] < used[least]) {
                least = i;
            }
        }
        return least;
    }
}
