package sallyport.lab.client;

import io.netty.util.concurrent.Future;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.origin.ClientPath;
import sallyport.engine.origin.ClientStream;

/// A stream that somebody asked for, from the asking to the end. Before it is connected it goes to
/// another exit where one refuses it for reasons of its own.
final class StreamRequest implements ClientStream.Events {
    // C tor's MAX_RESOLVE_FAILURES, and for other reasons it tries about as often.
    private static final int ATTEMPTS_MAX = 3;

    private final CircuitPool pool;
    private final Isolation isolation;
    private final @Nullable Destination destination;
    private final @Nullable String name;
    private final StreamUser user;
    private final Set<String> refusedBy = new HashSet<>();

    private @Nullable PooledCircuit circuit;
    private @Nullable ClientStream stream;
    private @Nullable Future<?> limit;
    private EndReason lastRefusal = EndReason.EXITPOLICY;
    private int attempts;
    private boolean connected;
    private boolean over;

    /// @param destination of a stream; null for a lookup
    /// @param name of a lookup; null for a stream
    StreamRequest(
            CircuitPool pool,
            Isolation isolation,
            @Nullable Destination destination,
            @Nullable String name,
            StreamUser user) {
        this.pool = pool;
        this.isolation = isolation;
        this.destination = destination;
        this.name = name;
        this.user = user;
    }

    Isolation isolation() {
        return isolation;
    }

    @Nullable
    Destination destination() {
        return destination;
    }

    /// Fingerprints of exits that it need not be tried with again.
    Set<String> refusedBy() {
        return refusedBy;
    }

    /// What ends it where it takes too long to be connected.
    void limitedBy(Future<?> timer) {
        limit = timer;
    }

    boolean isOver() {
        return over;
    }

    /// A circuit was found.
    void attached(PooledCircuit to, ClientPath on) {
        circuit = to;
        attempts++;
        stream = name == null && destination != null
                ? on.begin(destination, 0, this)
                : on.resolve(name == null ? "" : name, this);
    }

    /// It has not been connected in time.
    void timedOut() {
        if (!connected && !over) {
            if (stream != null && !stream.isOver()) {
                stream.end(EndReason.TIMEOUT);
            }
            finish(EndReason.TIMEOUT);
        }
    }

    /// No exit is left for it.
    void finishRefused() {
        finish(lastRefusal);
    }

    /// Nothing can be done for it.
    void finish(EndReason reason) {
        if (!over) {
            leave();
            user.ended(reason);
        }
    }

    @Override
    public void connected() {
        connected = true;
        cancelLimit();
        ClientStream now = stream;
        if (now != null) {
            pool.connected();
            user.connected(now);
        }
    }

    @Override
    public void data(byte[] array, int offset, int length) {
        pool.heard();
        user.data(array, offset, length);
    }

    @Override
    public int owedBytes() {
        return user.owedBytes();
    }

    @Override
    public void writable() {
        user.writable();
    }

    @Override
    public void resolved(ResolvedMessage answers) {
        leave();
        user.resolved(answers);
    }

    @Override
    public void ended(EndReason reason) {
        PooledCircuit from = circuit;
        if (!connected && !over && from != null && mayGoElsewhere(reason) && attempts < ATTEMPTS_MAX) {
            circuit = null;
            stream = null;
            if (reason != EndReason.DESTROY) {
                lastRefusal = reason;
                refusedBy.add(from.exit().fingerprint());
                from.endIfUnused();
            }
            pool.place(this);
        } else {
            finish(reason);
        }
    }

    /// C tor's `edge_reason_is_retriable`, and a circuit that ended first.
    private static boolean mayGoElsewhere(EndReason reason) {
        return switch (reason) {
            case HIBERNATING, RESOURCELIMIT, EXITPOLICY, RESOLVEFAILED, MISC, NOROUTE, DESTROY -> true;
            case CONNECTREFUSED, DONE, TIMEOUT, INTERNAL, CONNRESET, TORPROTOCOL, NOTDIRECTORY -> false;
        };
    }

    private void leave() {
        over = true;
        cancelLimit();
        PooledCircuit from = circuit;
        if (from != null) {
            from.endIfUnused();
        }
    }

    private void cancelLimit() {
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
    }
}
