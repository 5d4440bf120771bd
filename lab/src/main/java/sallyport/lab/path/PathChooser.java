package sallyport.lab.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.world.Entropy;
import sallyport.lab.guard.GuardListing;
import sallyport.lab.guard.GuardUse;
import sallyport.lab.guard.Guards;
import sallyport.lab.guard.WeightedDraw;

/// Chooses relays for paths of three hops, or of two without the middle, each by weighted chance
/// (path-spec). The exit first, for it must let the client go where it wants; then the guard that the
/// client's [Guards] have for it; then the middle.
public final class PathChooser {
    // C tor: the ports of LongLivedPorts, whose circuits shall be of stable relays.
    private static final Set<Integer> LONG_LIVED_PORTS =
            Set.of(21, 22, 706, 1863, 5050, 5190, 5222, 5223, 6523, 6667, 6697, 8300);

    private static final int GUARD = 0;
    private static final int MIDDLE = 1;

    private final Entropy entropy;
    private final PathRules rules;
    private final Guards guards;
    private GuardListing listed = GuardListing.NONE;
    private GuardListing restricted = GuardListing.NONE;

    /// @param guards of the same client
    public PathChooser(Entropy entropy, PathRules rules, Guards guards) {
        this.entropy = entropy;
        this.rules = rules;
        this.guards = guards;
    }

    /// The relays from the guard to the exit, as many as the rules say.
    ///
    /// @param destination where the exit must let clients go; null: anywhere
    /// @param refusedBy fingerprints of exits that have refused already
    /// @param unreached fingerprints of relays that circuits could lately not be extended to: no middle and
    ///     no exit as long as there are others
    public PathChoice choose(
            PathRelays relays, @Nullable Destination destination, Set<String> refusedBy, Set<String> unreached) {
        PathChoice choice = chooseOf(relays, destination, refusedBy, relay -> !unreached.contains(relay.fingerprint()));
        return choice == PathChoice.None.NO_RELAYS && !unreached.isEmpty()
                ? chooseOf(relays, destination, refusedBy, _ -> true)
                : choice;
    }

    private PathChoice chooseOf(
            PathRelays relays, @Nullable Destination destination, Set<String> refusedBy, Predicate<PathRelay> reached) {
        boolean stable = destination != null && LONG_LIVED_PORTS.contains(destination.port());
        Predicate<PathRelay> exits =
                relay -> (rules.exits().isEmpty() || rules.exits().contains(relay.fingerprint()))
                        && !refusedBy.contains(relay.fingerprint())
                        && reached.test(relay)
                        && (destination == null ? relay.isExit() : relay.accepts(destination));
        PathRelay exit = drawOf(relays, Place.EXIT, exits, stable);
        if (exit == null) {
            return PathChoice.None.NO_RELAYS;
        }
        return through(relays, _ -> true, exit, reached, stable);
    }

    /// Another way to the exit that all of `beside` lead to, by a guard and a middle that none of them
    /// has at that place (C tor's rule for the legs of a conflux set); null where there is none.
    ///
    /// @param beside at least one path
    /// @param unreached fingerprints of relays that circuits could lately not be extended to: no middle
    public @Nullable Path another(PathRelays relays, List<Path> beside, Set<String> unreached) {
        return through(
                                relays,
                                relay -> isNew(relay, GUARD, beside),
                                beside.getFirst().exit(),
                                relay -> isNew(relay, MIDDLE, beside) && !unreached.contains(relay.fingerprint()),
                                false)
                        instanceof Path path
                ? path
                : null;
    }

    private static boolean isNew(PathRelay relay, int place, List<Path> beside) {
        return beside.stream().noneMatch(path -> path.relays().get(place).isSame(relay));
    }

    private PathChoice through(
            PathRelays relays,
            Predicate<PathRelay> mayBeGuard,
            PathRelay exit,
            Predicate<PathRelay> mayBeMiddle,
            boolean stable) {
        guards.update(listed(relays));
        GuardUse use = guards.choose(fingerprint -> {
            PathRelay relay = relays.named(fingerprint);
            return relay != null && mayBeGuard.test(relay) && rules.goTogether(relay, exit);
        });
        PathRelay guard = use == null ? null : relays.named(use.fingerprint());
        if (use == null || guard == null) {
            return PathChoice.None.NO_GUARD_NOW;
        }
        if (!rules.hasMiddle()) {
            return new Path(List.of(guard, exit), use);
        }
        PathRelay middle = drawOf(
                relays,
                Place.MIDDLE,
                relay -> rules.goTogether(relay, exit) && rules.goTogether(relay, guard) && mayBeMiddle.test(relay),
                stable);
        if (middle == null) {
            guards.cancelled(use);
            return PathChoice.None.NO_RELAYS;
        }
        return new Path(List.of(guard, middle, exit), use);
    }

    /// Who may be sampled as a guard. Where paths keep within some relays, those alone (as C tor's
    /// restricted selection). Where they keep to some exits, the other relays of those exits' families
    /// are left out: a sample is small, and they may be most of the guards that there are.
    @SuppressWarnings("ReferenceEquality") // each consensus makes another listing
    private GuardListing listed(PathRelays relays) {
        if (rules.within().isEmpty() && rules.exits().isEmpty()) {
            return relays.guards();
        }
        if (relays.guards() != listed) {
            listed = relays.guards();
            restricted = rules.within().isEmpty()
                    ? listed.sampledFrom(goesWithExits(relays))
                    : listed.of(rules.within()::contains);
        }
        return restricted;
    }

    private Predicate<String> goesWithExits(PathRelays relays) {
        List<PathRelay> exits = relays.all().stream()
                .filter(relay -> rules.exits().contains(relay.fingerprint()))
                .toList();
        return fingerprint -> {
            PathRelay guard = relays.named(fingerprint);
            return guard == null
                    || exits.stream().anyMatch(exit -> guard.isSame(exit) || rules.goTogether(guard, exit));
        };
    }

    /// Fast relays, and stable ones where wanted; where there are none, any.
    private @Nullable PathRelay drawOf(PathRelays relays, Place place, Predicate<PathRelay> allowed, boolean stable) {
        PathRelay good = draw(
                relays, place, relay -> allowed.test(relay) && relay.has("Fast") && (!stable || relay.has("Stable")));
        return good == null ? draw(relays, place, allowed) : good;
    }

    private @Nullable PathRelay draw(PathRelays relays, Place place, Predicate<PathRelay> allowed) {
        List<PathRelay> candidates = new ArrayList<>();
        for (PathRelay relay : relays.all()) {
            if (rules.allows(relay) && allowed.test(relay)) {
                candidates.add(relay);
            }
        }
        return WeightedDraw.of(candidates, relay -> place.weight(relay, relays.weights()), entropy);
    }
}
