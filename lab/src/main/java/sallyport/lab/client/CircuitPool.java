package sallyport.lab.client;

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
import sallyport.engine.origin.ClientCircuit;
import sallyport.engine.origin.ClientLinks;
import sallyport.engine.origin.Hop;
import sallyport.lab.path.PathChooser;
import sallyport.lab.path.PathRelay;
import sallyport.lab.path.PathRelays;

/// The circuits of one client and the streams that wait for them. Runs on the client's loop.
///
/// Streams of equal isolation share circuits, others never do. A circuit takes streams for a while after
/// its first, and ends with its last one thereafter. A few clean ones are kept ready for the next
/// isolation.
final class CircuitPool {
    // Ours: how often worn circuits are looked for.
    private static final long LOOK_SECONDS = 1;
    // Ours: after a circuit that failed the next one waits a moment, twice as long each time.
    private static final long RETRY_MILLIS_MIN = 100;
    private static final long RETRY_MILLIS_MAX = 10_000;
    // As C tor's CircuitsAvailableTimeout at least: a clean circuit that nobody wanted.
    private static final long UNUSED_NANOS_MAX = TimeUnit.MINUTES.toNanos(30);
    // C tor's default of `cc_sendme_inc`, and its bounds.
    private static final int SENDME_INCREMENT = 31;
    private static final int SENDME_INCREMENT_MAX = 254;

    private final LabClient client;
    private final ClientSettings settings;
    private final ClientLinks links;
    private final PathChooser chooser;
    private final Map<Isolation, StreamGroup> groups = new HashMap<>();
    private final List<PooledCircuit> clean = new ArrayList<>();
    private final List<PooledCircuit> all = new ArrayList<>();
    private final LongAdder built = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final Future<?> looking;

    private int waiting;
    private long retryMillis;
    private long launchNotBeforeNanos;
    private @Nullable Future<?> retry;
    /// What the last stream wanted: clean circuits are made for the like of it.
    private @Nullable Destination lately;

    private boolean used;
    private boolean closed;

    CircuitPool(LabClient client, ClientSettings settings, ClientLinks links, PathChooser chooser) {
        this.client = client;
        this.settings = settings;
        this.links = links;
        this.chooser = chooser;
        this.launchNotBeforeNanos = client.nanoTime();
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
        return new ClientCounts(built.sum(), failed.sum(), connected.sum());
    }

    /// Open circuits and those being built.
    int circuits() {
        return all.size();
    }

    /// Ends everything.
    void close() {
        closed = true;
        looking.cancel(false);
        if (retry != null) {
            retry.cancel(false);
        }
        for (StreamGroup group : List.copyOf(groups.values())) {
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
        if (client.nanoTime() - launchNotBeforeNanos < 0) {
            return;
        }
        PathRelays relays = client.relays();
        if (relays.all().isEmpty()) {
            postpone();
            return;
        }
        List<PathRelay> path = chooser.choose(relays, request.destination(), request.refusedBy(), client.nanoTime());
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
                && client.nanoTime() - launchNotBeforeNanos >= 0) {
            List<PathRelay> path = chooser.choose(client.relays(), lately, Set.of(), client.nanoTime());
            if (path == null || !open(path, null)) {
                return;
            }
        }
    }

    /// @param group null: for whoever comes
    private boolean open(List<PathRelay> path, @Nullable StreamGroup group) {
        PooledCircuit circuit = new PooledCircuit(path.getFirst(), path.getLast(), client.nanoTime());
        all.add(circuit);
        if (group == null) {
            clean.add(circuit);
        } else {
            join(circuit, group);
        }
        List<Hop> hops =
                List.of(path.get(0).asHop(), path.get(1).asHop(), path.get(2).asExit(wanted()));
        boolean opening = links.open(hops, new ClientCircuit.Listener() {
            @Override
            public void built(ClientCircuit of) {
                CircuitPool.this.built(circuit, of);
            }

            @Override
            public void ended(ClientCircuit of) {
                CircuitPool.this.ended(circuit, of);
            }
        });
        if (!opening) {
            remove(circuit);
            postpone();
        }
        return opening;
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

    private void built(PooledCircuit circuit, ClientCircuit of) {
        circuit.built(of);
        built.increment();
        client.circuitBuilt(client.nanoTime() - circuit.createdNanos);
        retryMillis = 0;
        chooser.guardWorks(circuit.guard);
        if (circuit.group != null) {
            takeWaiting(circuit.group).forEach(this::place);
        }
    }

    private void ended(PooledCircuit circuit, ClientCircuit of) {
        StreamGroup group = circuit.group;
        remove(circuit);
        if (!circuit.isBuilt()) {
            failed.increment();
            if (of.hops() == 0) {
                chooser.guardFailed(circuit.guard, client.nanoTime());
            }
            postpone();
        }
        if (group != null && !closed) {
            takeWaiting(group).forEach(this::place);
        }
    }

    /// Opens no circuit for a moment, then for all who wait.
    private void postpone() {
        retryMillis = Math.clamp(2 * retryMillis, RETRY_MILLIS_MIN, RETRY_MILLIS_MAX);
        launchNotBeforeNanos = client.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryMillis);
        if (retry == null && !closed) {
            retry = client.loop().schedule(this::goOn, retryMillis + 1, TimeUnit.MILLISECONDS);
        }
    }

    private void goOn() {
        retry = null;
        for (StreamGroup group : List.copyOf(groups.values())) {
            takeWaiting(group).forEach(this::place);
        }
    }

    private List<StreamRequest> takeWaiting(StreamGroup group) {
        List<StreamRequest> taken = List.copyOf(group.waiting);
        waiting -= taken.size();
        group.waiting.clear();
        forgetIfEmpty(group);
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
        if (waiting > 0 && retry == null) {
            goOn();
        }
    }
}
