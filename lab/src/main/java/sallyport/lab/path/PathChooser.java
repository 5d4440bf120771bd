package sallyport.lab.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.world.Entropy;

/// Chooses relays for paths of three hops, each by weighted chance (path-spec). The exit first, for it
/// must let the client go where it wants; then a guard that goes with it; then the middle.
public final class PathChooser {
    // C tor: the ports of LongLivedPorts, whose circuits shall be of stable relays.
    private static final Set<Integer> LONG_LIVED_PORTS =
            Set.of(21, 22, 706, 1863, 5050, 5190, 5222, 5223, 6523, 6667, 6697, 8300);

    private final Entropy entropy;
    private final PathRules rules;
    private final Guards guards;

    public PathChooser(Entropy entropy, PathRules rules) {
        this.entropy = entropy;
        this.rules = rules;
        this.guards = new Guards(rules.guards(), this::draw);
    }

    /// Three relays, from the guard to the exit; null where the relays at hand allow none.
    ///
    /// @param destination where the exit must let clients go; null: anywhere
    /// @param avoided fingerprints of exits that have refused already
    /// @param nowNanos of a clock that only goes forward
    public @Nullable List<PathRelay> choose(
            PathRelays relays, @Nullable Destination destination, Set<String> avoided, long nowNanos) {
        boolean stable = destination != null && LONG_LIVED_PORTS.contains(destination.port());
        Predicate<PathRelay> exits =
                relay -> (rules.exits().isEmpty() || rules.exits().contains(relay.fingerprint()))
                        && !avoided.contains(relay.fingerprint())
                        && (destination == null ? relay.isExit() : relay.accepts(destination));
        PathRelay exit = drawOf(relays, Place.EXIT, exits, stable);
        if (exit == null) {
            return null;
        }
        PathRelay guard = guards.choose(relays, relay -> rules.goTogether(relay, exit), nowNanos);
        if (guard == null) {
            return null;
        }
        PathRelay middle = drawOf(
                relays, Place.MIDDLE, relay -> rules.goTogether(relay, exit) && rules.goTogether(relay, guard), stable);
        return middle == null ? null : List.of(guard, middle, exit);
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
            if (allowed.test(relay)) {
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
