package sallyport.engine.onionservice;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;

/// Messages as services and their clients send them.
public final class OnionMessages {
    private static final byte[] PREFIX = "Tor establish-intro cell v1".getBytes(StandardCharsets.US_ASCII);

    private OnionMessages() {}

    /// @param authSecret of the service's key for this introduction point, 64 bytes
    /// @param nonce of the circuit
    public static byte[] establishIntro(byte[] authSecret, byte[] nonce, ExtensionList.Extension... extensions) {
        byte[] key = Ed25519.publicKey(authSecret);
        Writer out = new Writer().u8(2).u16(key.length).bytes(key);
        out.bytes(new ExtensionList(List.of(extensions)).encode());
        byte[] length = new Writer().u64(nonce.length).toBytes();
        out.bytes(Hashes.sha3x256(length, nonce, out.toBytes()));
        byte[] signature = Ed25519.sign(
                authSecret, new Writer().bytes(PREFIX).bytes(out.toBytes()).toBytes());
        return out.u16(signature.length).bytes(signature).toBytes();
    }

    /// A service's wish for a rate of introductions.
    public static ExtensionList.Extension rate(long rate, long burst) {
        return new ExtensionList.Extension(
                1, new Writer().u8(2).u8(1).u64(rate).u8(2).u64(burst).toBytes());
    }

    /// @param sealed what is for the service alone
    public static byte[] introduce1(byte[] authKey, byte[] sealed) {
        return new Writer()
                .bytes(new byte[20])
                .u8(2)
                .u16(authKey.length)
                .bytes(authKey)
                .u8(0)
                .bytes(sealed)
                .toBytes();
    }

    /// An expanded secret made of one byte.
    public static byte[] secret(int name) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) name);
        return Ed25519.expand(seed);
    }
}
