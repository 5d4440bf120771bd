package sallyport.engine.accounting;

/// What one relay counts for its operator, as sums since its start, beside the faults of peers. Most are what C tor's
/// MetricsPort shows.
public enum Tally {
    /// BEGIN messages.
    STREAM_BEGIN,
    /// BEGIN_DIR messages.
    STREAM_BEGIN_DIR,
    /// RESOLVE messages.
    STREAM_RESOLVE,
    /// CREATE_FAST answered.
    SKIN_FAST,
    /// Onion skins of the ntor handshake that were computed.
    SKIN_NTOR,
    /// Onion skins of the ntor handshake that came too fast or waited too long.
    SKIN_NTOR_DROPPED,
    /// Onion skins of the ntor-v3 handshake that were computed.
    SKIN_NTOR_V3,
    /// Onion skins of the ntor-v3 handshake that came too fast or waited too long.
    SKIN_NTOR_V3_DROPPED,
    /// DESTROY cells.
    DESTROY_RECEIVED,
    /// Circuits closed for breaking the protocol.
    CIRCUIT_VIOLATION,
    /// Questions to name servers.
    DNS_QUERY,
    /// Answers with what was asked for.
    DNS_SUCCESS,
    /// Answers that there is no such name, or nothing of that kind.
    DNS_NOT_EXIST,
    /// Questions without an answer that says either, timeouts included.
    DNS_FAILED,
    /// Connections that the system had no local port for.
    PORT_MISSING
}
