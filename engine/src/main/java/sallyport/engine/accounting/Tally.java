package sallyport.engine.accounting;

/// What one relay counts for its operator, as sums since its start, beside the faults of peers. Most are
/// what C tor's MetricsPort shows.
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
    /// Answers that there is no such name.
    DNS_NOT_EXIST,
    /// Answers that there is nothing of that kind.
    DNS_NO_DATA,
    /// Answers of another code; those below too.
    DNS_FORMAT,
    DNS_SERVER_FAILED,
    DNS_NOT_IMPLEMENTED,
    DNS_REFUSED,
    DNS_UNKNOWN,
    /// Answers that were too long for a datagram, and not to be had over TCP.
    DNS_TRUNCATED,
    /// Questions that nobody answered in time.
    DNS_TIMEOUT,
    /// How often something could be read, and the limit of all bandwidth did not allow it.
    READ_LIMIT_REACHED,
    /// The same of writing.
    WRITE_LIMIT_REACHED,
    /// Connections that the system had no local port for.
    PORT_MISSING,
    /// Links that we dialed, by the family of the address; those below too.
    LINK_DIALED_IPV4,
    LINK_DIALED_IPV6,
    /// Links that were accepted.
    LINK_ACCEPTED_IPV4,
    LINK_ACCEPTED_IPV6,
    /// Connections of clients that were closed at once, for they had too many or no FD was left.
    LINK_REJECTED_IPV4,
    LINK_REJECTED_IPV6,
    /// Connections to servers.
    EXIT_DIALED_IPV4,
    EXIT_DIALED_IPV6,
    /// DROP messages.
    DROP_RECEIVED,
    /// XOFF messages to clients.
    XOFF_SENT,
    /// XON messages to clients.
    XON_SENT,
    /// CREATE cells refused, for their address has too many circuits.
    DOS_CIRCUIT_REJECTED,
    /// Addresses marked for too many circuits.
    DOS_ADDRESS_MARKED,
    /// Addresses marked for circuits whose queues toward the next hop were full.
    DOS_ADDRESS_MARKED_FOR_QUEUES,
    /// Connections refused, for their address connects too fast.
    DOS_CONNECTION_REJECTED,
    /// Connections refused, for their address has too many.
    DOS_CONCURRENT_CONNECTION_REJECTED,
    /// Streams and lookups refused, for their circuit begins too many a second.
    DOS_STREAM_REJECTED,
    /// Circuits closed for a full queue toward the client.
    QUEUE_FULL,
    /// Circuits closed for a full queue toward the next hop.
    OUT_QUEUE_FULL,
    /// What became of ESTABLISH_INTRO.
    ESTABLISH_INTRO_SUCCESS,
    ESTABLISH_INTRO_MALFORMED,
    ESTABLISH_INTRO_UNSUITABLE,
    /// What became of ESTABLISH_RENDEZVOUS.
    ESTABLISH_RENDEZVOUS_SUCCESS,
    ESTABLISH_RENDEZVOUS_UNSUITABLE,
    ESTABLISH_RENDEZVOUS_SINGLE_HOP,
    ESTABLISH_RENDEZVOUS_MALFORMED,
    ESTABLISH_RENDEZVOUS_DUPLICATE,
    /// What became of INTRODUCE1.
    INTRODUCE1_SUCCESS,
    INTRODUCE1_MALFORMED,
    INTRODUCE1_UNKNOWN_SERVICE,
    INTRODUCE1_RATE_LIMITED,
    INTRODUCE1_REUSED,
    INTRODUCE1_SINGLE_HOP,
    /// What became of RENDEZVOUS1.
    RENDEZVOUS1_SUCCESS,
    RENDEZVOUS1_UNSUITABLE,
    RENDEZVOUS1_MALFORMED,
    RENDEZVOUS1_UNKNOWN_COOKIE
}
