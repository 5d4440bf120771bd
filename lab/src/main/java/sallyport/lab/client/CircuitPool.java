package sallyport.lab.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.origin.ClientPath;
import sallyport.engine.origin.ClientSet;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.PathListener;
import sallyport.lab.path.PathChooser;
import sallyport.lab.path.PathRelay;
import sallyport.lab.path.PathRelays;
import sallyport.lab.path.PathRules;

/// The circuits of one client and the streams that wait for them. Runs on the client's loop.
///
/// Streams of equal isolation share circuits, others never do. A circuit takes streams for a while after
/// its first, and ends with its last one thereafter. A few clean ones are kept ready for the next
/// isolation.
final class CircuitPool {
    /// What a pool asks of its client.
    interface Surroundings {
        /// Where the pool lives.
        EventLoop loop();

        /// Of a clock that only goes forward.
        long nanoTime();

        /// Whom paths may go through now.
        PathRelays relays();

        /// See [sallyport.engine.origin.ClientLinks#open].
        boolean open(List<Hop> path, PathListener listener);

        /// A conflux set that has no leg yet.
        ///
        /// @param whenOver runs when it is over
        SetBuilder.Legs set(Runnable whenOver);

        /// A circuit was built, and that took so long.
        void circuitBuilt(long nanos);
    }

    // Ours: how often worn circuits are looked for.
    private static final long LOOK_SECONDS = 1;
    // As C tor's CircuitsAvailableTimeout at least: a clean circuit that nobody wanted.
    private static final long UNUSED_NANOS_MAX = TimeUnit.MINUTES.toNanos(30);
    // C tor's default of `cc_sendme_inc`, and its bounds.
    private static final int SENDME_INCREMENT = 31;
    private static final int SENDME_INCREMENT_MAX = 254;

    private final Surroundings client;
    private final ClientSettings settings;
    private final PathChooser chooser;
    private final Map<Isolation, StreamGroup> groups = new HashMap<>();
    private final List<PooledCircuit> clean = new ArrayList<>();
    private final List<PooledCircuit> all = new ArrayList<>();
    private final LongAdder built = new LongAdder();
    private final LongAdder legsLinked = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final Future<?> looking;

    /// Of clean circuits, made for whoever comes.
    private final Backoff spareBackoff = new Backoff();
    private int waiting;
    /// What the last stream wanted: clean circuits are made for the like of it.
    private @Nullable Destination lately;

    private boolean used;
    private boolean closed;

    CircuitPool(Surroundings client, ClientSettings settings, PathChooser chooser) {
        this.client = client;
        this.settings = settings;
        this.chooser = chooser;
        this.looking = client.loop().scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /// Takes a new request, which ends with TIMEOUT where nothing comes of it in time.
    void take(StreamRequest request) {
        if (closed || waiting >= settings.pendingMax()) {
            request.finish(EndReason.RESOURCELIMIT);
            return;
        }
        request.limitedBy(
                client.loop().schedule(request::timedOut, settings.openLimit().toMillis(), TimeUnit.MILLISECONDS));
        lately = request.destination();
        used = true;
        place(request);
    }

    /// Finds a circuit for it, or has it wait for one.
    void place(StreamRequest request) {
        if (closed) {
            request.finish(EndReason.DESTROY);
        }
        if (request.isOver()) {
            return;
        }
        StreamGroup group = groups.computeIfAbsent(request.isolation(), StreamGroup::new);
        PooledCircuit circuit = find(group, request);
        if (circuit != null && circuit.isBuilt()) {
            circuit.attach(request, client.nanoTime());
        } else {
            waiting++;
            group.waiting.addLast(request);
            if (circuit == null) {
                launch(request, group);
            }
        }
        keepSpares();
    }

    /// One stream is connected.
    void connected() {
        connected.increment();
    }

    ClientCounts counts() {
        return new ClientCounts(built.sum(), legsLinked.sum(), failed.sum(), connected.sum());
    }

    /// Open circuits and those being built.
    int circuits() {
        return all.size();
    }

    /// Ends everything.
    void close() {
        closed = true;
        looking.cancel(false);
        for (StreamGroup group : List.copyOf(groups.values())) {
            if (group.retry != null) {
                group.retry.cancel(false);
            }
            takeWaiting(group).forEach(request -> request.finish(EndReason.DESTROY));
        }
        groups.clear();
    }

    private @Nullable PooledCircuit find(StreamGroup group, StreamRequest request) {
        PooledCircuit unbuilt = null;
        for (PooledCircuit circuit : group.circuits) {
            if (circuit.suits(request)) {
                if (circuit.isBuilt()) {
                    return circuit;
                }
                unbuilt = circuit;
            }
        }
        if (unbuilt != null) {
            return unbuilt;
        }
        for (int i = 0; i < clean.size(); i++) {
            PooledCircuit circuit = clean.get(i);
            if (circuit.suits(request)) {
                clean.remove(i);
                join(circuit, group);
                return circuit;
            }
        }
        return null;
    }

    private static void join(PooledCircuit circuit, StreamGroup group) {
        circuit.group = group;
        group.circuits.add(circuit);
    }

    private void launch(StreamRequest request, StreamGroup group) {
        if (group.retry != null) {
            return;
        }
        PathRelays relays = client.relays();
        if (relays.all().isEmpty()) {
            group.backoff.stuck(client.nanoTime());
        }
        long pause = group.backoff.leftNanos(client.nanoTime());
        if (pause > 0) {
            group.retry = client.loop().schedule(() -> goOn(group), pause, TimeUnit.NANOSECONDS);
            return;
        }
        List<PathRelay> path =
                chooser.choose(relays, request.destination(), request.refusedBy(), group.unreached, client.nanoTime());
        if (path == null) {
            waiting--;
            group.waiting.remove(request);
            forgetIfEmpty(group);
            request.finishRefused();
            return;
        }
        if (all.size() < settings.circuitsMax() || endAnIdleOne()) {
            open(path, group);
        }
    }

    private void keepSpares() {
        while (used
                && clean.size() < settings.spareCircuits()
                && all.size() < settings.circuitsMax()
                && spareBackoff.leftNanos(client.nanoTime()) <= 0) {
            List<PathRelay> path = chooser.choose(client.relays(), lately, Set.of(), Set.of(), client.nanoTime());
            if (path == null || !open(path, null)) {
                return;
            }
        }
    }

    /// @param group null: for whoever comes
    private boolean open(List<PathRelay> path, @Nullable StreamGroup group) {
        boolean linked = settings.conflux() && (group == null || !group.alone) && mayLink(path.getLast());
        PooledCircuit circuit = new PooledCircuit(path, linked, client.nanoTime());
        all.add(circuit);
        if (group == null) {
            clean.add(circuit);
        } else {
            join(circuit, group);
        }
        PathListener listener = new PathListener() {
            @Override
            public void built(ClientPath of) {
                CircuitPool.this.built(circuit, of);
            }

            @Override
            public void ended(int answered) {
                CircuitPool.this.ended(circuit, answered);
            }
        };
        boolean opening = linked ? openSet(path, group, listener) : client.open(hops(path), listener);
        if (!opening) {
            backoffOf(circuit).stuck(client.nanoTime());
            remove(circuit);
        }
        return opening;
    }

    /// As C tor: where the exit has it, under congestion control, and unless it was voted off.
    private boolean mayLink(PathRelay exit) {
        return exit.joinsCircuits()
                && wanted().sendmeIncrement() > 0
                && client.relays().parameters().get("cfx_enabled", 0, 1, 1) != 0;
    }

    private boolean openSet(List<PathRelay> path, @Nullable StreamGroup group, PathListener listener) {
        SetBuilder builder = new SetBuilder(client.relays().parameters(), new SetPaths(group), listener);
        return builder.begin(client.set(builder::over), path);
    }

    /// Whom the legs of one set go through.
    private final class SetPaths implements SetBuilder.Paths {
        private final @Nullable StreamGroup group;

        SetPaths(@Nullable StreamGroup group) {
            this.group = group;
        }

        @Override
        public @Nullable List<PathRelay> another(List<List<PathRelay>> beside) {
            return chooser.another(client.relays(), beside, unreached(group), client.nanoTime());
        }

        @Override
        public List<Hop> hops(List<PathRelay> path) {
            return CircuitPool.this.hops(path);
        }

        @Override
        public void linked(List<PathRelay> path) {
            chooser.guardWorks(path.getFirst());
        }

        @Override
        public void failed(List<PathRelay> path, int hops) {
            pathFailed(path, hops, group);
        }
    }

    private static Set<String> unreached(@Nullable StreamGroup group) {
        return group == null ? Set.of() : group.unreached;
    }

    private List<Hop> hops(List<PathRelay> path) {
        PathRelay exit = path.getLast();
        return path.size() < PathRules.HOPS
                ? List.of(path.getFirst().asFirstHop(), exit.asExit(wanted()))
                : List.of(path.getFirst().asHop(), path.get(1).asHop(), exit.asExit(wanted()));
    }

    private CircuitTerms wanted() {
        int increment = client.relays().parameters().get("cc_sendme_inc", 1, SENDME_INCREMENT_MAX, SENDME_INCREMENT);
        boolean voted = client.relays().parameters().get("cc_alg", 0, 2, 2) != 0;
        return switch (settings.flow()) {
            case FIXED_WINDOWS -> CircuitTerms.PLAIN;
            case CONGESTION_CONTROL -> voted ? new CircuitTerms(increment, false) : CircuitTerms.PLAIN;
            case COUNTER_GALOIS -> voted ? new CircuitTerms(increment, true) : CircuitTerms.PLAIN;
        };
    }

    private void built(PooledCircuit circuit, ClientPath of) {
        backoffOf(circuit).worked();
        circuit.built(of);
        built.increment();
        client.circuitBuilt(client.nanoTime() - circuit.createdNanos);
        if (of instanceof ClientSet set) {
            legsLinked.add(set.legs());
        } else {
            chooser.guardWorks(circuit.path.getFirst());
        }
        if (circuit.group != null) {
            circuit.group.unreached.clear();
            circuit.group.alone = false;
            goOn(circuit.group);
        }
    }

    private void ended(PooledCircuit circuit, int hops) {
        StreamGroup group = circuit.group;
        if (!circuit.isBuilt()) {
            failed.increment();
            backoffOf(circuit).failed(client.nanoTime());
            if (group != null) {
                group.alone = circuit.isSet;
            }
            if (!circuit.isSet) {
                pathFailed(circuit.path, hops, group);
            }
        }
        remove(circuit);
        if (group != null && !closed) {
            goOn(group);
        }
    }

    private void pathFailed(List<PathRelay> path, int hops, @Nullable StreamGroup group) {
        if (hops == 0) {
            chooser.guardFailed(path.getFirst(), client.nanoTime());
        } else if (group != null && hops < path.size()) {
            group.unreached.add(path.get(hops).fingerprint());
        }
    }

    private Backoff backoffOf(PooledCircuit circuit) {
        return circuit.group == null ? spareBackoff : circuit.group.backoff;
    }

    /// Finds circuits for those who wait.
    private void goOn(StreamGroup group) {
        if (group.retry != null) {
            group.retry.cancel(false);
            group.retry = null;
        }
        takeWaiting(group).forEach(this::place);
        forgetIfEmpty(group);
    }

    private List<StreamRequest> takeWaiting(StreamGroup group) {
        List<StreamRequest> taken = List.copyOf(group.waiting);
        waiting -= taken.size();
        group.waiting.clear();
        return taken;
    }

    private void remove(PooledCircuit circuit) {
        all.remove(circuit);
        clean.remove(circuit);
        StreamGroup group = circuit.group;
        if (group != null) {
            group.circuits.remove(circuit);
            forgetIfEmpty(group);
        }
    }

    private void forgetIfEmpty(StreamGroup group) {
        if (group.isEmpty()) {
            groups.remove(group.isolation, group);
        }
    }

    private boolean endAnIdleOne() {
        for (PooledCircuit circuit : all) {
            if (circuit.isIdle() && (circuit.group == null || circuit.group.waiting.isEmpty())) {
                circuit.end();
                return true;
            }
        }
        return false;
    }

    private void look() {
        long now = client.nanoTime();
        for (PooledCircuit circuit : List.copyOf(all)) {
            boolean unused = clean.contains(circuit) && now - circuit.createdNanos >= UNUSED_NANOS_MAX;
            if (unused || circuit.isWorn(now, settings.dirtinessMax().toNanos())) {
                circuit.retire();
            }
        }
        if (waiting > 0) {
            List.copyOf(groups.values()).stream()
                    .filter(group -> group.retry == null && !group.waiting.isEmpty())
                    .forEach(this::goOn);
        }
    }
}
