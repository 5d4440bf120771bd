package sallyport.lab.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.EndReason;
import sallyport.engine.origin.ClientPath;
import sallyport.engine.origin.ClientSet;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.PathListener;
import sallyport.lab.guard.Guards;
import sallyport.lab.path.Path;
import sallyport.lab.path.PathChoice;
import sallyport.lab.path.PathChooser;
import sallyport.lab.path.PathRelays;

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
    // As C tor: streams look for a circuit anew once a second.
    private static final long NO_GUARD_SECONDS = 1;

    private final Surroundings client;
    private final ClientSettings settings;
    private final PathChooser chooser;
    private final Guards guards;
    private final CircuitOpener opener;
    private final Spares spares;
    private final GuardWait guardWait;
    private final Map<Isolation, StreamGroup> groups = new HashMap<>();
    private final List<PooledCircuit> all = new ArrayList<>();
    /// Those for whom no guard was to be had, the longest first.
    private final LinkedHashSet<StreamGroup> guardless = new LinkedHashSet<>();
    private final LongAdder built = new LongAdder();
    private final LongAdder legsLinked = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final Future<?> looking;

    private int waiting;
    private boolean heard;
    private boolean closed;

    CircuitPool(Surroundings client, ClientSettings settings, PathChooser chooser, Guards guards) {
        this.client = client;
        this.settings = settings;
        this.chooser = chooser;
        this.guards = guards;
        this.opener = new CircuitOpener(client, settings, chooser, guards);
        this.spares = new Spares(client, chooser, settings.spareCircuits());
        this.guardWait = new GuardWait(guards, () -> all, this::ready);
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
        spares.like(request.destination());
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
        if (circuit != null && circuit.isReady()) {
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

    private void keepSpares() {
        spares.keep(() -> all.size() < settings.circuitsMax(), path -> open(path, null));
    }

    /// One stream is connected.
    void connected() {
        connected.increment();
        heard = true;
    }

    /// Something came through the network.
    void heard() {
        heard = true;
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
                if (circuit.isReady()) {
                    return circuit;
                }
                unbuilt = isOnItsWay(circuit) ? circuit : unbuilt;
            }
        }
        if (unbuilt != null) {
            return unbuilt;
        }
        PooledCircuit spare = spares.take(circuit -> circuit.suits(request) && isOnItsWay(circuit));
        if (spare != null) {
            join(spare, group);
        }
        return spare;
    }

    /// While one waits for better guards, circuits through those are worth a try.
    private boolean isOnItsWay(PooledCircuit circuit) {
        return !circuit.isWaiting() || !guards.mayReachPrimary(circuit.path.guard());
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
        switch (chooser.choose(relays, request.destination(), request.refusedBy(), group.unreached)) {
            case Path path -> {
                if (all.size() < settings.circuitsMax() || endAnIdleOne()) {
                    open(path, group);
                } else {
                    guards.cancelled(path.guard());
                }
            }
            case PathChoice.None.NO_RELAYS -> {
                waiting--;
                group.waiting.remove(request);
                forgetIfEmpty(group);
                request.finishRefused();
            }
            case PathChoice.None.NO_GUARD_NOW -> {
                group.retry = client.loop().schedule(() -> goOn(group), NO_GUARD_SECONDS, TimeUnit.SECONDS);
                guardless.addLast(group);
            }
        }
    }

    /// @param group null: for whoever comes
    private boolean open(Path path, @Nullable StreamGroup group) {
        boolean linked = (group == null || !group.alone) && opener.mayLink(path.exit());
        PooledCircuit circuit = new PooledCircuit(path, linked, client.nanoTime());
        all.add(circuit);
        if (group == null) {
            spares.add(circuit);
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
        boolean opening = linked ? opener.openSet(path, unreached(group), listener) : opener.open(path, listener);
        if (!opening) {
            backoffOf(circuit).stuck(client.nanoTime());
            remove(circuit);
        }
        return opening;
    }

    /// Where nobody in particular waits, nobody remembers.
    private static Set<String> unreached(@Nullable StreamGroup group) {
        return group == null ? new HashSet<>() : group.unreached;
    }

    private void built(PooledCircuit circuit, ClientPath of) {
        backoffOf(circuit).worked();
        circuit.built(of);
        built.increment();
        client.circuitBuilt(client.nanoTime() - circuit.createdNanos);
        if (of instanceof ClientSet set) {
            legsLinked.add(set.legs());
            ready(circuit);
        } else {
            switch (guards.succeeded(circuit.path.guard())) {
                case NOW -> ready(circuit);
                case LATER -> {
                    guardWait.add(circuit);
                    if (circuit.group != null) {
                        goOn(circuit.group);
                    }
                }
                case NEVER -> circuit.end();
            }
        }
        guardsChanged();
    }

    private void ready(PooledCircuit circuit) {
        circuit.makeReady();
        if (circuit.group != null) {
            circuit.group.unreached.clear();
            circuit.group.alone = false;
            goOn(circuit.group);
        }
    }

    private void ended(PooledCircuit circuit, int answered) {
        StreamGroup group = circuit.group;
        if (circuit.isWaiting()) {
            guards.cancelled(circuit.path.guard());
        } else if (!circuit.isReady()) {
            failed.increment();
            backoffOf(circuit).failed(client.nanoTime());
            if (group != null) {
                group.alone = circuit.isSet;
            }
            if (!circuit.isSet) {
                opener.failed(circuit.path, answered, unreached(group));
            }
        }
        remove(circuit);
        if (!closed) {
            if (group != null) {
                goOn(group);
            }
            guardsChanged();
        }
    }

    /// Whoever waits for what becomes of guards may go on.
    private void guardsChanged() {
        guardWait.settle();
        int left = guardless.size();
        while (left-- > 0 && !guardless.isEmpty()) {
            StreamGroup group = guardless.removeFirst();
            goOn(group);
            if (guardless.contains(group)) {
                return;
            }
        }
    }

    private Backoff backoffOf(PooledCircuit circuit) {
        return circuit.group == null ? spares.backoff : circuit.group.backoff;
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
        spares.remove(circuit);
        guardWait.remove(circuit);
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
        if (heard) {
            heard = false;
            guards.online();
        }
        guardsChanged();
        long now = client.nanoTime();
        for (PooledCircuit circuit : List.copyOf(all)) {
            if (spares.isStale(circuit)
                    || circuit.isWorn(now, settings.dirtinessMax().toNanos())) {
                circuit.retire();
            }
        }
        if (waiting > 0) {
            List.copyOf(groups.values()).stream()
                    .filter(group -> group.retry == null && !group.waiting.isEmpty())
                    .forEach(this::goOn);
        }
        keepSpares();
    }
}
