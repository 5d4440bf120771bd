package sallyport.engine.cell;

/// Why a stream ends (tor-spec "Closing streams").
public enum EndReason {
    MISC,
    RESOLVEFAILED,
    CONNECTREFUSED,
    EXITPOLICY,
    DESTROY,
    DONE,
    TIMEOUT,
    NOROUTE,
    HIBERNATING,
    INTERNAL,
    RESOURCELIMIT,
    CONNRESET,
    TORPROTOCOL,
    NOTDIRECTORY;

    /// The byte on the wire: 1 for MISC.
    public int code() {
        return ordinal() + 1;
    }
}
