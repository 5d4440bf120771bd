package sallyport.engine.cell;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of XON (proposal 324, section 4.1.1).
///
/// @param kbps what the sender's other side takes, in 1000 bytes a second, 32 bits without sign; 0: no limit
public record XonBody(long kbps) {
    /// The body of XOFF: a version, and nothing else.
    private static final byte[] XOFF = {0};

    /// A copy of the body of XOFF.
    public static byte[] xoff() {
        return XOFF.clone();
    }

    /// @throws Malformed for another version than 0 or a body cut short
    public static XonBody decode(byte[] array, int offset, int length) throws Malformed {
        Reader body = new Reader(array, offset, length);
        if (body.u8() != 0) {
            throw new Malformed("XON version");
        }
        return new XonBody(body.u32());
    }

    public byte[] encode() {
        return new Writer().u8(0).u32(kbps).toBytes();
    }
}
