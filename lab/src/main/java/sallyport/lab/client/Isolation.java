package sallyport.lab.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which streams may share a circuit: those of equal isolation (C tor's `IsolateSOCKSAuth`). Does not
/// print itself.
public final class Isolation {
    /// Of streams that do not care.
    public static final Isolation NONE = new Isolation(null);

    private final @Nullable Object key;

    private Isolation(@Nullable Object key) {
        this.key = key;
    }

    /// @param key whatever has `equals` and `hashCode`; held as long as circuits are
    public static Isolation by(Object key) {
        return new Isolation(Objects.requireNonNull(key));
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Isolation other && Objects.equals(key, other.key);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(key);
    }

    @Override
    public String toString() {
        return "[scrubbed]";
    }
}
