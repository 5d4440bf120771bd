package sallyport.engine.cell;

import java.nio.charset.StandardCharsets;
import sallyport.engine.address.Destination;
import sallyport.engine.address.Ip;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// "Connect me there" (tor-spec "Opening streams").
///
/// @param flags the 32 bits as sent; 0 where the client sent none
public record BeginMessage(Destination destination, int flags) implements StreamMessage {
    /// The client takes IPv6 addresses as well.
    public static final int IPV6_OK = 1;
    /// The client does not take IPv4 addresses.
    public static final int IPV4_NOT_OK = 2;
    /// Where both would do the client prefers IPv6.
    public static final int IPV6_PREFERRED = 4;

    private static final int FLAGS_LENGTH = 4;

    @Override
    public int command() {
        return RelayCommand.BEGIN;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public BeginMessage withoutFlags(int mask) {
        return new BeginMessage(destination, flags & ~mask);
    }

    /// Reads `HOST:PORT`, a zero byte and, where at least four bytes follow, flags.
    ///
    /// @throws ProtocolViolation of the stream, TORPROTOCOL: no zero byte, no port or one out of range
    public static BeginMessage decode(byte[] array, int offset, int length) throws ProtocolViolation {
        try {
            Reader reader = new Reader(array, offset, length);
            Destination destination = destination(reader.textUntil(0));
            int flags = reader.remaining() >= FLAGS_LENGTH ? reader.i32() : 0;
            return new BeginMessage(destination, flags);
        } catch (Malformed e) {
            throw ProtocolViolation.stream(EndReason.TORPROTOCOL, "BEGIN shape");
        }
    }

    @Override
    public byte[] encode() {
        byte[] literal = destination.literal();
        String host = literal == null ? destination.nameForResolver() : Ip.format(literal);
        Writer out = new Writer(RelayCell.DATA_MAX);
        out.bytes((host + ":" + destination.port()).getBytes(StandardCharsets.ISO_8859_1));
        out.u8(0);
        if (flags != 0) {
            out.u32(flags);
        }
        return out.toBytes();
    }

    private static Destination destination(String text) throws Malformed {
        // An IPv6 literal without brackets could end in a port or in a part of the address: C tor says it has no port.
        int colon = Ip.parse(text) == null ? text.lastIndexOf(':') : -1;
        if (colon < 0) {
            throw new Malformed("no port");
        }
        return Destination.of(text.substring(0, colon), port(text, colon + 1));
    }

    private static int port(String text, int from) throws Malformed {
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            port = c >= '0' && c <= '9' ? port * 10 + (c - '0') : Integer.MAX_VALUE;
            if (port > 65535) {
                throw new Malformed("port");
            }
        }
        if (port == 0) {
            throw new Malformed("port");
        }
        return port;
    }
}
