package sallyport.lab.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.world.Entropy;

/// Chooses relays for paths of three hops, or of two without the middle, each by weighted chance
/// (path-spec). The exit first, for it must let the client go where it wants; then a guard that goes with
/// it; then the middle.
public final class PathChooser {
    // C tor: the ports of LongLivedPorts, whose circuits shall be of stable relays.
    private static final Set<Integer> LONG_LIVED_PORTS =
            Set.of(21, 22, 706, 1863, 5050, 5190, 5222, 5223, 6523, 6667, 6697, 8300);

    private static final int GUARD = 0;
    private static final int MIDDLE = 1;

    private final Entropy entropy;
    private final PathRules rules;
    private final Guards guards;

    public PathChooser(Entropy entropy, PathRules rules) {
        this.entropy = entropy;
        this.rules = rules;
        this.guards = new Guards(rules.guards(), this::draw);
    }

    /// The relays from the guard to the exit, as many as the rules say; null where the relays at hand allow none.
    ///
    /// @param destination where the exit must let clients go; null: anywhere
    /// @param refusedBy fingerprints of exits that have refused already
    /// @param unreached fingerprints of relays that circuits could lately not be extended to: no middle and
    ///     no exit as long as there are others
    /// @param nowNanos of a clock that only goes forward
    public @Nullable List<PathRelay> choose(
            PathRelays relays,
            @Nullable Destination destination,
            Set<String> refusedBy,
            Set<String> unreached,
            long nowNanos) {
        List<PathRelay> path =
                chooseOf(relays, destination, refusedBy, relay -> !unreached.contains(relay.fingerprint()), nowNanos);
        return path == null && !unreached.isEmpty()
                ? chooseOf(relays, destination, refusedBy, _ -> true, nowNanos)
                : path;
    }

    private @Nullable List<PathRelay> chooseOf(
            PathRelays relays,
            @Nullable Destination destination,
            Set<String> refusedBy,
            Predicate<PathRelay> reached,
            long nowNanos) {
        boolean stable = destination != null && LONG_LIVED_PORTS.contains(destination.port());
        Predicate<PathRelay> exits =
                relay -> (rules.exits().isEmpty() || rules.exits().contains(relay.fingerprint()))
                        && !refusedBy.contains(relay.fingerprint())
                        && reached.test(relay)
                        && (destination == null ? relay.isExit() : relay.accepts(destination));
        PathRelay exit = drawOf(relays, Place.EXIT, exits, stable);
        if (exit == null) {
            return null;
        }
        PathRelay guard = guards.choose(relays, relay -> rules.goTogether(relay, exit), nowNanos);
        if (guard == null) {
            return null;
        }
        if (!rules.hasMiddle()) {
            return List.of(guard, exit);
        }
        PathRelay middle = drawOf(
                relays,
                Place.MIDDLE,
                relay -> rules.goTogether(relay, exit) && rules.goTogether(relay, guard) && reached.test(relay),
                stable);
        return middle == null ? null : List.of(guard, middle, exit);
    }

    /// Another way to the exit that all of `beside` lead to, by a guard and a middle that none of them
    /// has at that place (C tor's rule for the legs of a conflux set); null where there is none.
    ///
    /// @param beside at least one path
    /// @param unreached fingerprints of relays that circuits could lately not be extended to: no middle
    public @Nullable List<PathRelay> another(
            PathRelays relays, List<List<PathRelay>> beside, Set<String> unreached, long nowNanos) {
        PathRelay exit = beside.getFirst().getLast();
        PathRelay guard =
                guards.choose(relays, relay -> rules.goTogether(relay, exit) && isNew(relay, GUARD, beside), nowNanos);
        if (guard == null) {
            return null;
        }
        if (!rules.hasMiddle()) {
            return List.of(guard, exit);
        }
        PathRelay middle = drawOf(
                relays,
                Place.MIDDLE,
                relay -> rules.goTogether(relay, exit)
                        && rules.goTogether(relay, guard)
                        && isNew(relay, MIDDLE, beside)
                        && !unreached.contains(relay.fingerprint()),
                false);
        return middle == null ? null : List.of(guard, middle, exit);
    }

    private static boolean isNew(PathRelay relay, int place, List<List<PathRelay>> beside) {
        return beside.stream().noneMatch(path -> path.get(place).fingerprint().equals(relay.fingerprint()));
    }

    /// The guard could not be reached; another takes its place for a while.
    public void guardFailed(PathRelay guard, long nowNanos) {
        guards.failed(guard, nowNanos);
    }

    /// The guard answered.
    public void guardWorks(PathRelay guard) {
        guards.works(guard);
    }

    /// Fast relays, and stable ones where wanted; where there are none, any.
    private @Nullable PathRelay drawOf(PathRelays relays, Place place, Predicate<PathRelay> allowed, boolean stable) {
        PathRelay good = draw(
                relays, place, relay -> allowed.test(relay) && relay.has("Fast") && (!stable || relay.has("Stable")));
        return good == null ? draw(relays, place, allowed) : good;
    }

    private @Nullable PathRelay draw(PathRelays relays, Place place, Predicate<PathRelay> allowed) {
        List<PathRelay> candidates = new ArrayList<>();
        long sum = 0;
        for (PathRelay relay : relays.all()) {
            if (rules.allows(relay) && allowed.test(relay)) {
                candidates.add(relay);
                sum += place.weight(relay, relays.weights());
            }
        }
        if (candidates.isEmpty()) {
            return null;
        }
        if (sum == 0) {
            return candidates.get((int) entropy.jitter(candidates.size()));
        }
        long left = entropy.jitter(sum);
        for (PathRelay relay : candidates) {
            left -= place.weight(relay, relays.weights());
            if (left < 0) {
                return relay;
            }
        }
        throw new IllegalStateException("weights that do not add up");
    }
}
