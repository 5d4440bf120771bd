package sallyport.lab.reachability;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose turn it is to be probed: of all relays a part at each tick, by the first byte of their identity,
/// as C tor does; and those at once that are new. Each relay waits once, and a few are under way.
final class ProbeQueue {
    // As C tor (REACHABILITY_MODULO_PER_TEST): with a tick every ten seconds all are tried in 21 minutes.
    static final int PARTS = 128;
    /// Ours: a handshake costs both ends some milliseconds, and most wait for the network.
    static final int UNDER_WAY_MAX = 32;

    private final String ownFingerprint;
    private final Map<String, ProbeTarget> waiting = new LinkedHashMap<>();
    private final Set<String> underWay = new HashSet<>();
    private int part;

    /// @param ownFingerprint of the authority's relay, which is never probed
    ProbeQueue(String ownFingerprint) {
        this.ownFingerprint = ownFingerprint;
    }

    /// The next part of all relays is due.
    void tick(Collection<ProbeTarget> all) {
        for (ProbeTarget target : all) {
            if ((target.rsaDigest()[0] & 0xff) % PARTS == part) {
                add(target);
            }
        }
        part = (part + 1) % PARTS;
    }

    /// One is due, by what is known of it now.
    void add(ProbeTarget target) {
        String fingerprint = target.fingerprint();
        if (!fingerprint.equals(ownFingerprint)) {
            waiting.put(fingerprint, target);
        }
    }

    /// The next to begin with; null where nobody may. It is under way until it [#ended].
    @Nullable
    ProbeTarget next() {
        if (underWay.size() >= UNDER_WAY_MAX) {
            return null;
        }
        Iterator<ProbeTarget> each = waiting.values().iterator();
        while (each.hasNext()) {
            ProbeTarget target = each.next();
            // One at a time to one relay: a second attempt would share the connection of the first.
            if (underWay.add(target.fingerprint())) {
                each.remove();
                return target;
            }
        }
        return null;
    }

    /// All its addresses were tried.
    void ended(String fingerprint) {
        underWay.remove(fingerprint);
    }

    /// Whether somebody is under way or waits.
    boolean isBusy() {
        return !underWay.isEmpty() || !waiting.isEmpty();
    }
}
