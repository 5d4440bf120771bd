package sallyport.lab.socks;

import io.netty.buffer.ByteBuf;
import sallyport.engine.cell.EndReason;

/// What an application gets to hear (RFC 1928, section 6).
enum SocksReply {
    SUCCEEDED(0),
    GENERAL_FAILURE(1),
    NOT_ALLOWED(2),
    HOST_UNREACHABLE(4),
    CONNECTION_REFUSED(5),
    TTL_EXPIRED(6),
    COMMAND_NOT_SUPPORTED(7),
    ADDRESS_TYPE_NOT_SUPPORTED(8);

    static final int VERSION = 5;
    static final int TYPE_IPV4 = 1;
    static final int TYPE_NAME = 3;
    static final int TYPE_IPV6 = 4;
    private static final byte[] NO_ADDRESS = new byte[4];

    private final int code;

    SocksReply(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /// For a stream that ended before it was connected, as C tor tells it.
    static SocksReply of(EndReason reason) {
        return switch (reason) {
            case RESOLVEFAILED, NOROUTE -> HOST_UNREACHABLE;
            case CONNECTREFUSED, DONE, CONNRESET -> CONNECTION_REFUSED;
            case EXITPOLICY -> NOT_ALLOWED;
            case TIMEOUT -> TTL_EXPIRED;
            case MISC, DESTROY, RESOURCELIMIT, HIBERNATING, INTERNAL, TORPROTOCOL, NOTDIRECTORY -> GENERAL_FAILURE;
        };
    }

    /// Without an address.
    void write(ByteBuf out) {
        write(out, TYPE_IPV4, NO_ADDRESS);
    }

    /// With the answer of a lookup.
    ///
    /// @param value 4 or 16 bytes of an address, or at most 255 of a name
    void write(ByteBuf out, int type, byte[] value) {
        out.writeByte(VERSION).writeByte(code).writeByte(0).writeByte(type);
        if (type == TYPE_NAME) {
            out.writeByte(value.length);
        }
        out.writeBytes(value).writeShort(0);
    }
}
