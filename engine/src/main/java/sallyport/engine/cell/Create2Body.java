package sallyport.engine.cell;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of CREATE2, which EXTEND2 carries too (tor-spec "CREATE and CREATED cells").
///
/// @param handshakeType one of [#TAP], [#FAST], [#NTOR], [#NTOR_V3] or unknown
public record Create2Body(int handshakeType, byte[] handshake) {
    public static final int TAP = 0;
    public static final int FAST = 1;
    public static final int NTOR = 2;
    public static final int NTOR_V3 = 3;
    /// Bytes of an ntor request: node id, onion key, client's key.
    public static final int NTOR_REQUEST_LENGTH = 84;

    /// Bytes after the handshake are padding and ignored.
    public static Create2Body decode(Reader body) throws Malformed {
        int type = body.u16();
        int length = body.u16();
        return new Create2Body(type, body.bytes(length));
    }

    public void write(Writer out) {
        out.u16(handshakeType).u16(handshake.length).bytes(handshake);
    }
}
