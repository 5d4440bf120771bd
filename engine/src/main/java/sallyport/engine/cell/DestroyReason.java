package sallyport.engine.cell;

/// Why a circuit ends (tor-spec "Tearing down circuits").
public enum DestroyReason {
    NONE,
    TORPROTOCOL,
    INTERNAL,
    REQUESTED,
    HIBERNATING,
    RESOURCELIMIT,
    CONNECTFAILED,
    OR_IDENTITY,
    CHANNEL_CLOSED,
    FINISHED,
    TIMEOUT,
    DESTROYED,
    NOSUCHSERVICE;

    /// The byte on the wire.
    public int code() {
        return ordinal();
    }
}
