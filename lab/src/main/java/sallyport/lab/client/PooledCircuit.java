package sallyport.lab.client;

import org.jspecify.annotations.Nullable;
import sallyport.engine.origin.ClientPath;
import sallyport.lab.path.Path;
import sallyport.lab.path.PathRelay;

/// One circuit of the pool, or one conflux set; open or being built.
final class PooledCircuit {
    /// Of a set, that of its first leg.
    final Path path;

    /// Whether it is a set.
    final boolean isSet;

    final long createdNanos;

    /// Whose streams it carries; null: nobody's yet.
    @Nullable
    StreamGroup group;

    private @Nullable ClientPath circuit;
    private boolean ready;
    private long dirtySinceNanos;
    private boolean dirty;
    private boolean retired;

    PooledCircuit(Path path, boolean isSet, long createdNanos) {
        this.path = path;
        this.isSet = isSet;
        this.createdNanos = createdNanos;
    }

    PathRelay exit() {
        return path.exit();
    }

    void built(ClientPath of) {
        circuit = of;
    }

    /// It may carry streams.
    void makeReady() {
        ready = true;
    }

    /// Whether it is built, and better guards have had their chance.
    boolean isReady() {
        return ready;
    }

    /// Whether it is built, and better guards have not had their chance.
    boolean isWaiting() {
        return circuit != null && !ready;
    }

    /// Whether the stream may go through it, now or once it is ready.
    boolean suits(StreamRequest request) {
        return !retired
                && (circuit == null || circuit.mayOpen())
                && !request.refusedBy().contains(exit().fingerprint())
                && (request.destination() == null || exit().accepts(request.destination()));
    }

    /// Opens the stream. Only once it is ready.
    void attach(StreamRequest request, long nowNanos) {
        ClientPath on = circuit;
        if (on == null || !ready) {
            throw new IllegalStateException("a stream on a circuit that is not ready");
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
