package sallyport.engine.limits;

/// What the memory of an account is held for.
public enum MemoryKind {
    /// Cells in the queues of circuits.
    CELLS(0),
    /// Bytes of streams: what servers have not taken yet, and what they sent that is not packaged yet.
    STREAMS(1),
    /// Cells written to a link that its socket has not taken yet.
    LINK_OUTPUT(2),
    /// Links whose handshake is not over.
    HANDSHAKES(3),
    /// Names and answers remembered.
    DNS(4),
    /// Messages of conflux sets that came before one that precedes them.
    CONFLUX(5),
    /// Descriptors of onion services, kept as their directory or about to be.
    ONION_DESCRIPTORS(6);

    static final int COUNT = values().length;

    /// 0 to [#COUNT] - 1, each once.
    final int slot;

    MemoryKind(int slot) {
        this.slot = slot;
    }
}
