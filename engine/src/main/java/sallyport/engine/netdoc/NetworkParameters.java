package sallyport.engine.netdoc;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The numbers that the authorities voted (dir-spec 3.4.1, "params"). An immutable snapshot.
public final class NetworkParameters {
    /// No consensus yet: every answer is its default.
    public static final NetworkParameters NONE = new NetworkParameters(Map.of());

    private final Map<String, Integer> values;

    public NetworkParameters(Map<String, Integer> values) {
        this.values = Map.copyOf(values);
    }

    /// What was voted, by name.
    public Map<String, Integer> values() {
        return values;
    }

    /// These, but for what an operator sets: that is taken instead of what was voted.
    public NetworkParameters under(Map<String, Integer> own) {
        if (own.isEmpty()) {
            return this;
        }
        Map<String, Integer> both = new HashMap<>(values);
        both.putAll(own);
        return new NetworkParameters(both);
    }

    /// The voted value, raised to `min` or cut to `max`; `dflt` where nothing was voted.
    /// @throws IllegalArgumentException when `dflt` does not lie within the bounds: our own fault
    public int get(String name, int min, int max, int dflt) {
        if (min >= max || dflt < min || dflt > max) {
            throw new IllegalArgumentException(name);
        }
        @Nullable Integer voted = values.get(name);
        return voted == null ? dflt : Math.clamp(voted, min, max);
    }
}
