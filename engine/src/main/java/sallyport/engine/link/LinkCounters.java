package sallyport.engine.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What happened to the links of one instance, as sums since its start. The loop counts, anyone reads.
public final class LinkCounters {
    /// What is counted.
    public enum Kind {
        /// TCP connections accepted.
        ACCEPTED,
        /// TCP connections closed as soon as they were accepted, because no FD was left for them.
        REFUSED_FDS,
        /// TCP connections closed as soon as they were accepted, because their address has too many.
        REFUSED_CLIENT,
        /// TCP connections that we tried to open.
        DIALED,
        /// Accepted links that became open with a peer that authenticated.
        OPENED_ACCEPTED_RELAY,
        /// Accepted links that became open with a peer that did not.
        OPENED_ACCEPTED_CLIENT,
        /// Dialed links that became open.
        OPENED_DIALED,
        /// TCP connections that could not be opened.
        FAILED_CONNECT,
        /// Links that closed during the TLS handshake.
        FAILED_TLS,
        /// Links that closed during the link handshake.
        FAILED_HANDSHAKE,
        /// Links whose handshake took too long.
        FAILED_TIMEOUT,
        /// Dialed links where another relay answered.
        FAILED_IDENTITY,
        /// Links closed because too many TLS handshakes waited before theirs.
        REFUSED_TLS_BUSY,
        /// Links closed because too many signatures waited to be checked before theirs.
        REFUSED_BUSY,
        /// Links closed because they were idle, old or doubled, and had no circuit.
        CLOSED_UNUSED,
        /// Links closed because memory was short: unfinished handshakes, and peers that do not read.
        CLOSED_FOR_MEMORY,
        /// Links closed because another instance lacked FDs and this one had more than its share:
        /// unfinished handshakes, and links without a circuit.
        CLOSED_FOR_FDS,
        /// Circuits destroyed because their queue on one link passed the limit.
        CIRCUIT_QUEUES_OVERFLOWED,
        /// NETINFO cells of relays whose clock is more than an hour from ours.
        CLOCKS_DIFFER,
        /// PADDING_NEGOTIATE cells that asked for padding.
        PADDING_STARTED,
        /// PADDING_NEGOTIATE cells that asked for none.
        PADDING_STOPPED,
        /// PADDING cells of open links that came.
        PADDING_RECEIVED,
        /// PADDING cells that left, those that keep a link alive included.
        PADDING_SENT
    }

    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

    LinkCounters() {
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void count(Kind kind) {
        adder(kind).increment();
    }

    public long get(Kind kind) {
        return adder(kind).sum();
    }

    /// All sums; a copy.
    public Map<Kind, Long> snapshot() {
        Map<Kind, Long> sums = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            sums.put(kind, get(kind));
        }
        return sums;
    }

    private LongAdder adder(Kind kind) {
        LongAdder adder = counts.get(kind);
        if (adder == null) {
            throw new IllegalStateException("no counter");
        }
        return adder;
    }
}
