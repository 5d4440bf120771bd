package sallyport.lab.path;

import java.util.Set;

/// What a client wants of its paths.
///
/// @param guards entry guards that it keeps to, one after the other as they fail; at least 1
/// @param distinctSubnets whether no two relays of a path may be in one IPv4 /16 or IPv6 /32 (C tor's
///     `EnforceDistinctSubnets`); a private network on loopback is one such
/// @param exits fingerprints in upper-case hex of the exits to choose from; empty: all
public record PathRules(int guards, boolean distinctSubnets, Set<String> exits) {
    /// As C tor's clients of the public network.
    public static final PathRules DEFAULT = new PathRules(3, true, Set.of());

    public PathRules {
        if (guards < 1) {
            throw new IllegalArgumentException("guards");
        }
        exits = Set.copyOf(exits);
    }

    boolean goTogether(PathRelay a, PathRelay b) {
        return !a.isKinOf(b) && !(distinctSubnets && a.isNear(b));
    }
}
