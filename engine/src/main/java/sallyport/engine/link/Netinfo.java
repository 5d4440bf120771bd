package sallyport.engine.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;

/// The body of a NETINFO cell (tor-spec "NETINFO cells"). Addresses are 4 or 16 bytes.
///
/// @param timestampSeconds of the sender's clock; 0 from clients
/// @param otherAddress where the sender sees the receiver
/// @param myAddresses where the sender says it is; those of unknown type are left out
record Netinfo(long timestampSeconds, byte[] otherAddress, List<byte[]> myAddresses) {
    private static final int IPV4 = 4;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6 = 6;
    private static final int IPV6_BYTES = 16;

    static Netinfo decode(Reader body) throws Malformed {
        long timestampSeconds = body.u32();
        byte[] other = address(body);
        if (other.length == 0) {
            throw new Malformed("NETINFO: first address of unknown type");
        }
        int count = body.u8();
        List<byte[]> mine = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] address = address(body);
            if (address.length > 0) {
                mine.add(address);
            }
        }
        return new Netinfo(timestampSeconds, other, List.copyOf(mine));
    }

    /// A body of full length, unused bytes zero.
    byte[] encode() {
        Writer out = new Writer(Cell.BODY_LENGTH).u32(timestampSeconds);
        put(out, otherAddress);
        out.u8(myAddresses.size());
        for (byte[] address : myAddresses) {
            put(out, address);
        }
        return Arrays.copyOf(out.toBytes(), Cell.BODY_LENGTH);
    }

    /// Whether one of the sender's own addresses is this one.
    boolean claims(byte[] ip) {
        for (byte[] address : myAddresses) {
            if (Arrays.equals(address, ip)) {
                return true;
            }
        }
        return false;
    }

    /// The next address; empty for an unknown type, which is skipped by its length.
    private static byte[] address(Reader body) throws Malformed {
        int type = body.u8();
        int length = body.u8();
        if ((type == IPV4 && length != IPV4_BYTES) || (type == IPV6 && length != IPV6_BYTES)) {
            throw new Malformed("NETINFO: address of wrong length");
        }
        byte[] value = body.bytes(length);
        return type == IPV4 || type == IPV6 ? value : new byte[0];
    }

    private static void put(Writer out, byte[] ip) {
        out.u8(ip.length == IPV4_BYTES ? IPV4 : IPV6).u8(ip.length).bytes(ip);
    }
}
