package sallyport.lab.client;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.PathListener;
import sallyport.lab.guard.Guards;
import sallyport.lab.path.Path;
import sallyport.lab.path.PathChooser;
import sallyport.lab.path.PathRelay;
import sallyport.lab.path.PathRules;

/// Opens circuits and conflux sets over the paths that a pool has chosen, with the terms that it wants and the
/// consensus has. Runs on the client's loop.
final class CircuitOpener {
    // C tor's default of `cc_sendme_inc`, and its bounds.
    private static final int SENDME_INCREMENT = 31;
    private static final int SENDME_INCREMENT_MAX = 254;

    private final CircuitPool.Surroundings client;
    private final ClientSettings settings;
    private final PathChooser chooser;
    private final Guards guards;

    CircuitOpener(CircuitPool.Surroundings client, ClientSettings settings, PathChooser chooser, Guards guards) {
        this.client = client;
        this.settings = settings;
        this.chooser = chooser;
        this.guards = guards;
    }

    /// Whether circuits to that exit are to be opened as sets. As C tor: where the exit has it, under congestion
    /// control, and unless it was voted off.
    boolean mayLink(PathRelay exit) {
        return settings.conflux()
                && exit.joinsCircuits()
                && wanted().sendmeIncrement() > 0
                && client.relays().parameters().get("cfx_enabled", 0, 1, 1) != 0;
    }

    /// One circuit.
    ///
    /// @return false: not just now, and the listener hears nothing
    boolean open(Path path, PathListener listener) {
        boolean opening = client.open(hops(path), listener);
        if (!opening) {
            guards.cancelled(path.guard());
        }
        return opening;
    }

    /// A set, and its first legs.
    ///
    /// @param unreached fingerprints of relays that circuits could lately not be extended to; legs add to it
    /// @return false: not just now, and the listener hears nothing
    boolean openSet(Path path, Set<String> unreached, PathListener listener) {
        SetBuilder builder = new SetBuilder(client.relays().parameters(), new SetPaths(unreached), listener);
        return builder.begin(client.set(builder::over), path);
    }

    /// Tells who failed.
    ///
    /// @param answered how many relays of the path did not
    void failed(Path path, int answered, Set<String> unreached) {
        if (answered == 0) {
            guards.failed(path.guard());
            return;
        }
        guards.cancelled(path.guard());
        if (answered < path.relays().size()) {
            unreached.add(path.relays().get(answered).fingerprint());
        }
    }

    private List<Hop> hops(Path path) {
        List<PathRelay> relays = path.relays();
        Hop exit = path.exit().asExit(wanted());
        return relays.size() < PathRules.HOPS
                ? List.of(relays.getFirst().asFirstHop(), exit)
                : List.of(relays.get(0).asHop(), relays.get(1).asHop(), exit);
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

    /// Whom the legs of one set go through. A leg does not wait for better guards: its set would.
    private final class SetPaths implements SetBuilder.Paths {
        private final Set<String> unreached;

        SetPaths(Set<String> unreached) {
            this.unreached = unreached;
        }

        @Override
        public @Nullable Path another(List<Path> beside) {
            return chooser.another(client.relays(), beside, unreached);
        }

        @Override
        public List<Hop> hops(Path path) {
            return CircuitOpener.this.hops(path);
        }

        @Override
        public void linked(Path path) {
            guards.succeeded(path.guard());
            guards.accept(path.guard());
        }

        @Override
        public void unopened(Path path) {
            guards.cancelled(path.guard());
        }

        @Override
        public void failed(Path path, int answered) {
            CircuitOpener.this.failed(path, answered, unreached);
        }
    }
}
