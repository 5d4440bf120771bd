package sallyport.engine.origin;

import sallyport.engine.address.Destination;

/// What a client opens its streams on: one circuit to an exit. Every method runs on its loop.
public interface ClientPath {
    /// Whether it is built and not over.
    boolean isOpen();

    /// Whether one more stream may be opened.
    boolean mayOpen();

    /// Streams and lookups that are not over.
    int openStreams();

    /// Opens a stream. Only while [#mayOpen].
    ///
    /// @param flags of [sallyport.engine.cell.BeginMessage]
    ClientStream begin(Destination destination, int flags, ClientStream.Events events);

    /// Asks the exit for the addresses of a name, or for the name of `….in-addr.arpa` or `….ip6.arpa`.
    /// Only while [#mayOpen].
    ClientStream resolve(String name, ClientStream.Events events);

    /// Destroys it. Its listener is told before this returns.
    void end();
}
