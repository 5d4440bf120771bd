package sallyport.engine.instance;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The fingerprints of those relays of this process that declare each other. One for the whole process;
/// from any thread. A relay stands here from the moment its keys are known until it is taken out of the
/// configuration.
public final class FamilyRegister {
    private final Map<String, String> fingerprintsById = new ConcurrentHashMap<>();

    /// The relay's fingerprint is known now.
    void joined(String id, String fingerprint) {
        fingerprintsById.put(id, fingerprint);
    }

    /// The relay is no longer part of the configuration, or no longer of the family.
    void left(String id) {
        fingerprintsById.remove(id);
    }

    /// Everyone a relay declares, itself included, sorted; empty when it would declare nobody but itself.
    /// @param own its fingerprint
    SortedSet<String> of(String own, FamilySpec spec) {
        TreeSet<String> all = new TreeSet<>(spec.others());
        if (spec.together()) {
            all.addAll(fingerprintsById.values());
        }
        all.add(own);
        return all.size() == 1 ? new TreeSet<>() : all;
    }
}
