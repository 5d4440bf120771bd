package sallyport.lab.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.origin.ClientPath;
import sallyport.lab.path.PathRelay;

/// One circuit of the pool, or one conflux set; open or being built.
final class PooledCircuit {
    /// From the guard to the exit; of a set, that of its first leg.
    final List<PathRelay> path;

    /// Whether it is a set.
    final boolean isSet;

    final long createdNanos;

    /// Whose streams it carries; null: nobody's yet.
    @Nullable
    StreamGroup group;

    private @Nullable ClientPath circuit;
    private long dirtySinceNanos;
    private boolean dirty;
    private boolean retired;

    PooledCircuit(List<PathRelay> path, boolean isSet, long createdNanos) {
        this.path = path;
        this.isSet = isSet;
        this.createdNanos = createdNanos;
    }

    PathRelay exit() {
        return path.getLast();
    }

    void built(ClientPath of) {
        circuit = of;
    }

    boolean isBuilt() {
        return circuit != null;
    }

    /// Whether the stream may go through it, now or once it is built.
    boolean suits(StreamRequest request) {
        return !retired
                && (circuit == null || circuit.mayOpen())
                && !request.refusedBy().contains(exit().fingerprint())
                && (request.destination() == null || exit().accepts(request.destination()));
    }

    /// Opens the stream. Only once built.
    void attach(StreamRequest request, long nowNanos) {
        ClientPath on = circuit;
        if (on == null) {
            throw new IllegalStateException("a stream on a circuit that is not built");
        }
        if (!dirty) {
            dirty = true;
            dirtySinceNanos = nowNanos;
        }
        request.attached(this, on);
    }

    /// Takes no more streams, and ends with the last one.
    void retire() {
        retired = true;
        endIfUnused();
    }

    /// Ends it where it is retired and empty.
    void endIfUnused() {
        if (retired && isIdle()) {
            end();
        }
    }

    /// Whether it is built and carries no stream.
    boolean isIdle() {
        return circuit != null && circuit.openStreams() == 0;
    }

    void end() {
        if (circuit != null) {
            circuit.end();
        }
    }

    /// Whether it has carried streams for as long as it may take new ones.
    boolean isWorn(long nowNanos, long dirtinessMaxNanos) {
        return dirty && nowNanos - dirtySinceNanos >= dirtinessMaxNanos;
    }
}
