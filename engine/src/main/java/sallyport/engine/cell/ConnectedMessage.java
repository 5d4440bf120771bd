package sallyport.engine.cell;

import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// "The server accepted" (tor-spec "Opening streams").
///
/// @param ip the server's 4 or 16 bytes; null for a directory stream, whose body is empty
/// @param ttlSeconds how long the client may remember the address; 0 where none is stated
public record ConnectedMessage(byte @Nullable [] ip, long ttlSeconds) implements StreamMessage {
    /// To a directory stream.
    public static final ConnectedMessage DIRECTORY = new ConnectedMessage(null, 0);

    private static final int IPV6_TYPE = 6;
    private static final int TTL_LENGTH = 4;

    @Override
    public int command() {
        return RelayCommand.CONNECTED;
    }

    /// @throws ProtocolViolation of the stream, TORPROTOCOL, for another shape
    public static ConnectedMessage decode(byte[] array, int offset, int length) throws ProtocolViolation {
        if (length == 0) {
            return DIRECTORY;
        }
        try {
            Reader reader = new Reader(array, offset, length);
            byte[] ip = reader.bytes(4);
            // tor-spec: "Four zero-valued octets [4 octets], An address type (6) [1 octet], An IPv6 address".
            if ((ip[0] | ip[1] | ip[2] | ip[3]) == 0 && reader.remaining() > TTL_LENGTH) {
                if (reader.u8() != IPV6_TYPE) {
                    throw new Malformed("address type");
                }
                ip = reader.bytes(16);
            }
            return new ConnectedMessage(ip, reader.remaining() >= TTL_LENGTH ? reader.u32() : 0);
        } catch (Malformed e) {
            throw ProtocolViolation.stream(EndReason.TORPROTOCOL, "CONNECTED shape");
        }
    }

    @Override
    public byte[] encode() {
        Writer out = new Writer(RelayCell.DATA_MAX);
        if (ip == null) {
            return out.toBytes();
        }
        if (ip.length == 16) {
            out.u32(0).u8(IPV6_TYPE);
        }
        return out.bytes(ip).u32(ttlSeconds).toBytes();
    }

    @Override
    public String toString() {
        return "CONNECTED [scrubbed]";
    }
}
