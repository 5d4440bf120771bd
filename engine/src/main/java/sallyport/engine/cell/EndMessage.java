package sallyport.engine.cell;

import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// "This stream is over" (tor-spec "Closing streams").
///
/// @param ip with EXITPOLICY: the address that was refused, 4 or 16 bytes; null where none is told
/// @param ttlSeconds of that address
public record EndMessage(EndReason reason, byte @Nullable [] ip, long ttlSeconds) implements StreamMessage {
    /// An end without an address.
    public static EndMessage of(EndReason reason) {
        return new EndMessage(reason, null, 0);
    }

    @Override
    public int command() {
        return RelayCommand.END;
    }

    /// An unknown reason reads as MISC; an address whose shape is wrong is left out.
    ///
    /// @throws ProtocolViolation of the circuit, TORPROTOCOL, for an empty body, as C tor
    public static EndMessage decode(byte[] array, int offset, int length) throws ProtocolViolation {
        if (length == 0) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "END without a reason");
        }
        int code = array[offset] & 0xff;
        EndReason reason =
                code >= 1 && code <= EndReason.values().length ? EndReason.values()[code - 1] : EndReason.MISC;
        int ipLength = length - 1 - 4;
        if (reason != EndReason.EXITPOLICY || (ipLength != 4 && ipLength != 16)) {
            return of(reason);
        }
        try {
            Reader reader = new Reader(array, offset + 1, length - 1);
            return new EndMessage(reason, reader.bytes(ipLength), reader.u32());
        } catch (Malformed e) {
            throw new IllegalStateException("the length was checked", e);
        }
    }

    @Override
    public byte[] encode() {
        Writer out = new Writer(RelayCell.DATA_MAX).u8(reason.code());
        if (ip != null) {
            out.bytes(ip).u32(ttlSeconds);
        }
        return out.toBytes();
    }

    @Override
    public String toString() {
        return "END " + reason;
    }
}
