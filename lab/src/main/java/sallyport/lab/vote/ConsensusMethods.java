package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The ways to compute a consensus that authorities agree on by number (dir-spec 3.8.1); we know those of
/// C tor 0.4.9.11.
public final class ConsensusMethods {
    /// The oldest that is still known.
    public static final int MIN = 32;
    /// From here on the microdesc flavour names no times of publication.
    public static final int SUPPRESS_PUBLISHED = 33;
    /// From here on there are no `package` lines.
    public static final int OMIT_PACKAGES = 34;
    /// From here on microdescriptors have `family-ids`.
    public static final int FAMILY_IDS = 35;
    /// The newest.
    public static final int MAX = 35;

    private ConsensusMethods() {}

    /// All of them, oldest first.
    public static List<Integer> supported() {
        List<Integer> methods = new ArrayList<>();
        for (int method = MIN; method <= MAX; method++) {
            methods.add(method);
        }
        return methods;
    }

    /// The highest that more than two thirds of the voters support; our newest where we do not know that
    /// one, for C tor votes on as well and hopes.
    static int choose(Collection<Set<Integer>> supportedByVoters) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (Set<Integer> methods : supportedByVoters) {
            methods.forEach(method -> counts.merge(method, 1, Integer::sum));
        }
        int needed = supportedByVoters.size() * 2 / 3 + 1;
        int chosen = 1;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            chosen = entry.getValue() >= needed ? entry.getKey() : chosen;
        }
        return chosen >= MIN && chosen <= MAX ? chosen : MAX;
    }
}
