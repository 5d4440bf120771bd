package sallyport.engine.stream;

import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.ProtocolViolation;

/// Whatever holds a stream id of a circuit.
sealed interface OpenStream permits DataStream, LookupStream {
    /// The client sent DATA. The bytes are borrowed.
    void onData(byte[] array, int offset, int length) throws ProtocolViolation;

    /// The client sent a stream-level SENDME.
    void onSendme() throws ProtocolViolation;

    /// The client sent XOFF: it takes no more of this stream until XON.
    void onXoff();

    /// The client sent XON. The bytes are borrowed.
    void onXon(byte[] array, int offset, int length);

    /// Whether bytes may flow: CONNECTED has been sent.
    boolean isConnected();

    /// Whether it leads to the directory inside this relay.
    boolean isDirectory();

    /// The client, or its circuit, is done with it. Nothing may be sent any more.
    void abandon();

    /// The same, and what it holds is dropped: memory is short.
    void drop();

    /// When the oldest of the bytes it holds came, in ticker nanoseconds; null where it holds none.
    @Nullable
    Long oldestNanos();
}
