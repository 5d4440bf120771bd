package sallyport.engine.exit;

/// Why a connection to a server could not be opened or broke, as far as a client may know (tor-spec "Closing
/// streams").
public enum ExitFailure {
    /// We wrote after the server had closed.
    DONE,
    REFUSED,
    RESET,
    TIMEOUT,
    NO_ROUTE,
    /// We lack FDs, memory, ports or an address to connect from.
    RESOURCES,
    /// A call that should not have failed did.
    INTERNAL,
    MISC
}
