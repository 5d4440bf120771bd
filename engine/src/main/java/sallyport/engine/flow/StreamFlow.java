package sallyport.engine.flow;

import sallyport.engine.cell.ProtocolViolation;

/// What holds one end of a stream back, in both directions: windows of its own, or the signals XON and
/// XOFF where the circuit has congestion control. Tells the other end what it must know. An exit's end
/// faces a server, a client's end an application; what is said of the server here holds for either.
public sealed interface StreamFlow permits StreamWindows, StreamSignals {
    /// Whether one more DATA cell may go to the other end, as far as this stream is concerned.
    boolean mayPackage();

    /// A DATA cell with so many bytes went to the other end.
    void packaged(int bytes);

    /// A DATA cell came from the other end. Call before anything else is done with it.
    ///
    /// @throws ProtocolViolation of the circuit where the other end sends beyond its window
    void dataReceived() throws ProtocolViolation;

    /// What was in it joined what we owe the server.
    ///
    /// @param owedBytes to the server, all of them
    /// @param connected whether both ends know of the connection
    /// @throws ProtocolViolation of the circuit where the other end does not care that the server takes
    /// no more
    void queued(int owedBytes, boolean connected) throws ProtocolViolation;

    /// Both ends know of the connection.
    void opened(int owedBytes);

    /// The server's system took bytes; `owedBytes` are left.
    void written(int bytes, int owedBytes);

    /// A stream-level SENDME came.
    ///
    /// @throws ProtocolViolation of the circuit where none may come
    void sendmeReceived() throws ProtocolViolation;

    /// How long to wait before the server is read again; 0: no time at all.
    long readWaitMicros();
}
