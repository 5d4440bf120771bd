package sallyport.engine.limits;

/// What the memory of an account is held for.
public enum MemoryKind {
    /// Cells in the queues of circuits.
    CELLS(0, Shedding.CIRCUITS),
    /// Bytes of streams: what servers have not taken yet, and what they sent that is not packaged yet.
    STREAMS(1, Shedding.STREAMS),
    /// Cells written to a link that its socket has not taken yet.
    LINK_OUTPUT(2, Shedding.STUCK_LINKS),
    /// Links whose handshake is not over.
    HANDSHAKES(3, Shedding.NEW_HANDSHAKES),
    /// Names and answers remembered.
    DNS(4, Shedding.CACHES),
    /// Messages of conflux sets that came before one that precedes them.
    CONFLUX(5, Shedding.STREAMS),
    /// Descriptors of onion services, kept as their directory or about to be.
    ONION_DESCRIPTORS(6, Shedding.CACHES);

    static final int COUNT = values().length;

    /// 0 to [#COUNT] - 1, each once.
    final int slot;

    /// As what it is trimmed, where somebody can trim it.
    final Shedding shedding;

    MemoryKind(int slot, Shedding shedding) {
        this.slot = slot;
        this.shedding = shedding;
    }
}
