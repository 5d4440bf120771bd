package sallyport.engine.flow;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.SendmeBody;

/// What we may still send to a client before it acknowledges, and the tags its SENDMEs must show (tor-spec
/// "Circuit-level flow control", proposal 289). Which kind a circuit has, its handshake settled.
public sealed interface PackageWindow permits FixedWindow, CongestionWindow {
    /// Whether one more DATA cell may be sent.
    boolean isOpen();

    /// A DATA cell was sealed. Only while [#isOpen].
    ///
    /// @return whether a SENDME will acknowledge exactly this cell: then call [#await]
    boolean dataSent();

    /// @param tag of the cell that [#dataSent] counted last; borrowed
    /// @param nowMicros when it was sealed
    void await(byte[] tag, long nowMicros);

    /// A circuit-level SENDME came.
    ///
    /// @param nowMicros when it came
    /// @param queueBlocked whether the circuit's queue toward the client is so long that streams pause
    /// @param queuedCells of that queue
    /// @throws ProtocolViolation of the circuit for one that is unexpected or shows another tag
    void sendme(SendmeBody body, long nowMicros, boolean queueBlocked, int queuedCells) throws ProtocolViolation;

    /// Reads a SENDME, which the caller then hands to [#sendme].
    ///
    /// @param versionMin what is older is refused
    /// @throws ProtocolViolation of the circuit for one that is unreadable or too old
    static SendmeBody read(byte[] array, int offset, int length, int versionMin) throws ProtocolViolation {
        SendmeBody body;
        try {
            body = SendmeBody.decode(array, offset, length);
        } catch (Malformed e) {
            throw AwaitedTags.violation("SENDME that cannot be read");
        }
        if (body.version() < versionMin) {
            throw AwaitedTags.violation("SENDME of a version no longer accepted");
        }
        return body;
    }
}
