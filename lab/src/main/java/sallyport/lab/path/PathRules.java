package sallyport.lab.path;

import java.util.Set;

/// What a client wants of its paths.
///
/// @param guards its primary entry guards, which are tried before all others (C tor's `NumPrimaryGuards`); 0: as the
///     consensus has it
/// @param distinctSubnets whether no two relays of a path may be in one IPv4 /16 or IPv6 /32 (C tor's
///     `EnforceDistinctSubnets`); a private network on loopback is one such
/// @param exits fingerprints in upper-case hex of the exits to choose from; empty: all
/// @param hops relays of a path: three, as Tor has it; or two, which hides nothing from anybody and is for
///     loads that are to cost little themselves. With one, exits refuse to let a client out
/// @param within fingerprints of the relays that all of a path is of, whoever runs them; empty: any, and no
///     two of one family
public record PathRules(int guards, boolean distinctSubnets, Set<String> exits, int hops, Set<String> within) {
    /// As C tor's.
    public static final int HOPS = 3;

    /// The shortest path that exits accept.
    public static final int HOPS_MIN = 2;

    /// As C tor's clients of the public network.
    public static final PathRules DEFAULT = new PathRules(0, true, Set.of());

    public PathRules {
        if (guards < 0 || hops < HOPS_MIN || hops > HOPS) {
            throw new IllegalArgumentException("guards or hops");
        }
        exits = Set.copyOf(exits);
        within = Set.copyOf(within);
    }

    /// Paths of three, of any relays.
    public PathRules(int guards, boolean distinctSubnets, Set<String> exits) {
        this(guards, distinctSubnets, exits, HOPS, Set.of());
    }

    public PathRules withHops(int of) {
        return new PathRules(guards, distinctSubnets, exits, of, within);
    }

    public PathRules within(Set<String> relays) {
        return new PathRules(guards, distinctSubnets, exits, hops, relays);
    }

    boolean hasMiddle() {
        return hops == HOPS;
    }

    /// Whether a path may lead there at all.
    boolean allows(PathRelay relay) {
        return within.isEmpty() || within.contains(relay.fingerprint());
    }

    boolean goTogether(PathRelay a, PathRelay b) {
        if (!within.isEmpty()) {
            return !a.fingerprint().equals(b.fingerprint());
        }
        return !a.isKinOf(b) && !(distinctSubnets && a.isNear(b));
    }
}
