package sallyport.engine.circuit;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The conflux sets of one instance, by nonce. A set is here from its first leg to its end.
final class LinkedSets {
    private final Map<ByteBuffer, LinkedStreams> sets = new HashMap<>();

    @Nullable
    LinkedStreams get(ByteBuffer nonce) {
        return sets.get(nonce);
    }

    void add(LinkedStreams linked) {
        sets.put(linked.nonce(), linked);
    }

    /// Another set may have its nonce by now.
    void forget(LinkedStreams linked) {
        sets.remove(linked.nonce(), linked);
    }

    int size() {
        return sets.size();
    }
}
