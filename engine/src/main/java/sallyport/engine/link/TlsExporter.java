package sallyport.engine.link;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Hashes;

/// Keying material exporters computed from a session's own secrets, for an engine without such a call.
final class TlsExporter {
    private static final int SHA384_BYTES = 48;
    private static final String LABEL_PREFIX = "tls13 ";

    private TlsExporter() {}

    /// RFC 8446 7.5, from the `exporter_master_secret`; a secret of 48 bytes belongs to a SHA-384 suite.
    static byte[] tls13(byte[] exporterSecret, String label, byte[] context, int length) {
        boolean sha384 = exporterSecret.length == SHA384_BYTES;
        String mac = sha384 ? "HmacSHA384" : "HmacSHA256";
        byte[] derived = expandLabel(mac, exporterSecret, label, hash(sha384), exporterSecret.length);
        byte[] value = expandLabel(mac, derived, "exporter", hash(sha384, context), length);
        Arrays.fill(derived, (byte) 0);
        return value;
    }

    /// RFC 5705 4, with a context.
    /// @param sha384 whether the suite's PRF uses SHA-384 instead of SHA-256
    static byte[] tls12(
            boolean sha384,
            byte[] masterSecret,
            byte[] clientRandom,
            byte[] serverRandom,
            String label,
            byte[] context,
            int length) {
        byte[] seed = new Writer()
                .ascii(label)
                .bytes(clientRandom)
                .bytes(serverRandom)
                .u16(context.length)
                .bytes(context)
                .toBytes();
        return prf(sha384 ? "HmacSHA384" : "HmacSHA256", masterSecret, seed, length);
    }

    /// RFC 5246 5, P_hash.
    private static byte[] prf(String mac, byte[] secret, byte[] seed, int length) {
        byte[] out = new byte[length];
        byte[] a = seed;
        for (int done = 0; done < length; ) {
            a = Hashes.hmac(mac, secret, a);
            byte[] block = Hashes.hmac(mac, secret, a, seed);
            int take = Math.min(block.length, length - done);
            System.arraycopy(block, 0, out, done, take);
            done += take;
        }
        return out;
    }

    /// RFC 8446 7.1, HKDF-Expand-Label.
    private static byte[] expandLabel(String mac, byte[] secret, String label, byte[] context, int length) {
        byte[] fullLabel = (LABEL_PREFIX + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = new Writer()
                .u16(length)
                .u8(fullLabel.length)
                .bytes(fullLabel)
                .u8(context.length)
                .bytes(context)
                .toBytes();
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        for (int i = 1, done = 0; done < length; i++) {
            block = Hashes.hmac(mac, secret, block, info, new byte[] {(byte) i});
            int take = Math.min(block.length, length - done);
            System.arraycopy(block, 0, out, done, take);
            done += take;
        }
        return out;
    }

    private static byte[] hash(boolean sha384, byte[]... parts) {
        var digest = Hashes.incremental(sha384 ? "SHA-384" : "SHA-256");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
