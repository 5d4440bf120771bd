package sallyport.engine.cell;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of CONFLUX_LINK and of CONFLUX_LINKED (proposal 329, section 3.1). Sequence numbers are 64
/// bits without sign.
///
/// @param nonce the name of the set: 32 bytes
/// @param lastSent the highest sequence number that the sender gave to a message of the set
/// @param lastReceived the highest it has delivered
public record ConfluxLinkBody(byte[] nonce, long lastSent, long lastReceived, DesiredUx ux) {
    public static final int NONCE_LENGTH = 32;
    private static final int VERSION = 1;

    /// What stands behind the body is not looked at.
    ///
    /// @throws Malformed for another version, an unknown wish or a body cut short
    public static ConfluxLinkBody decode(byte[] array, int offset, int length) throws Malformed {
        Reader body = new Reader(array, offset, length);
        if (body.u8() != VERSION) {
            throw new Malformed("LINK version");
        }
        byte[] nonce = body.bytes(NONCE_LENGTH);
        long lastSent = body.u64();
        long lastReceived = body.u64();
        DesiredUx ux = DesiredUx.of(body.u8());
        if (ux == null) {
            throw new Malformed("LINK desired_ux");
        }
        return new ConfluxLinkBody(nonce, lastSent, lastReceived, ux);
    }

    public byte[] encode() {
        return new Writer()
                .u8(VERSION)
                .bytes(nonce)
                .u64(lastSent)
                .u64(lastReceived)
                .u8(ux.code())
                .toBytes();
    }
}
