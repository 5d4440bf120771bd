package sallyport.engine.cell;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of a circuit's SENDME (tor-spec "SENDME cell format"; proposal 289).
///
/// @param version 0 (an empty body, or one that says so) or 1
/// @param tag of the cell it acknowledges; empty in version 0
public record SendmeBody(int version, byte[] tag) {
    private static final int VERSION_MAX = 1;

    /// @throws Malformed for a version beyond 1 or a length beyond the body
    public static SendmeBody decode(byte[] array, int offset, int length) throws Malformed {
        if (length == 0) {
            return new SendmeBody(0, new byte[0]);
        }
        Reader body = new Reader(array, offset, length);
        int version = body.u8();
        int tagLength = body.u16();
        if (version > VERSION_MAX) {
            throw new Malformed("SENDME version");
        }
        byte[] tag = body.bytes(tagLength);
        return version == 0 ? new SendmeBody(0, new byte[0]) : new SendmeBody(version, tag);
    }

    public byte[] encode() {
        return version == 0
                ? new byte[0]
                : new Writer().u8(version).u16(tag.length).bytes(tag).toBytes();
    }
}
