package sallyport.lab.client;

import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The streams of one isolation: the circuits they share, and those that wait for one.
final class StreamGroup {
    final Isolation isolation;
    final List<PooledCircuit> circuits = new ArrayList<>(2);
    final ArrayDeque<StreamRequest> waiting = new ArrayDeque<>();
    /// Of circuits for this isolation alone: what fails for one does not delay another.
    final Backoff backoff = new Backoff();
    /// Whether its last conflux set failed: the next circuit stands alone.
    boolean alone;
    /// Fingerprints of relays that circuits could not be extended to, since the last that worked.
    final Set<String> unreached = new HashSet<>();

    /// When those that wait are placed anew.
    @Nullable
    Future<?> retry;

    StreamGroup(Isolation isolation) {
        this.isolation = isolation;
    }

    boolean isEmpty() {
        return circuits.isEmpty() && waiting.isEmpty();
    }
}
