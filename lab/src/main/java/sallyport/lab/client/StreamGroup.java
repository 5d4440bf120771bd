package sallyport.lab.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The streams of one isolation: the circuits they share, and those that wait for one.
final class StreamGroup {
    final Isolation isolation;
    final List<PooledCircuit> circuits = new ArrayList<>(2);
    final ArrayDeque<StreamRequest> waiting = new ArrayDeque<>();

    StreamGroup(Isolation isolation) {
        this.isolation = isolation;
    }

    boolean isEmpty() {
        return circuits.isEmpty() && waiting.isEmpty();
    }
}
