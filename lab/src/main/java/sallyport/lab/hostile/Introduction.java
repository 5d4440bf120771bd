package sallyport.lab.hostile;

import java.util.List;
import sallyport.engine.bytes.Writer;

/// What a service and its clients say to an introduction point (rend-spec-v3 section 3).
///
/// @param key that clients name
record Introduction(EdKey key) {
    private static final String SIGNATURE_PREFIX = "Tor establish-intro cell v1";
    private static final int ED25519 = 2;
    private static final int RATE_EXTENSION = 1;

    /// Of a service that nobody knows.
    static Introduction fresh() {
        return new Introduction(EdKey.fresh());
    }

    /// The body of ESTABLISH_INTRO.
    ///
    /// @param nonce of the circuit it goes over
    /// @param extensions each with type and length
    byte[] establish(byte[] nonce, byte[]... extensions) {
        Writer out = new Writer().u8(ED25519).u16(key.point().length).bytes(key.point());
        return finish(withExtensions(out, List.of(extensions)), nonce);
    }

    /// The same of anything in place of key and extensions.
    byte[] finish(Writer out, byte[] nonce) {
        out.bytes(Digests.sha3(
                new Writer().u64(nonce.length).bytes(nonce).bytes(out.toBytes()).toBytes()));
        byte[] signature = key.sign(
                new Writer().ascii(SIGNATURE_PREFIX).bytes(out.toBytes()).toBytes());
        return out.u16(signature.length).bytes(signature).toBytes();
    }

    /// The body of INTRODUCE1.
    ///
    /// @param sealed what is for the service alone
    byte[] introduce(int sealed) {
        Writer out = new Writer()
                .bytes(new byte[20])
                .u8(ED25519)
                .u16(key.point().length)
                .bytes(key.point());
        return withExtensions(out, List.of()).bytes(new byte[sealed]).toBytes();
    }

    /// The extension in which a service says how many introductions it wants.
    static byte[] rate(long perSecond, long atOnce) {
        byte[] body = new Writer().u8(2).u8(1).u64(perSecond).u8(2).u64(atOnce).toBytes();
        return extension(RATE_EXTENSION, body);
    }

    static byte[] extension(int type, byte[] body) {
        return new Writer().u8(type).u8(body.length).bytes(body).toBytes();
    }

    private static Writer withExtensions(Writer out, List<byte[]> extensions) {
        out.u8(extensions.size());
        extensions.forEach(out::bytes);
        return out;
    }
}
