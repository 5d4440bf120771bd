package sallyport.lab.hostile;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;

/// The client's side of CREATE_FAST (tor-spec section 5.1.5).
final class CreateFast {
    private final byte[] x = new byte[20];

    CreateFast() {
        new SecureRandom().nextBytes(x);
    }

    byte[] request() {
        return x.clone();
    }

    /// @param reply the body of CREATED_FAST
    byte[] finish(byte[] reply) throws IOException {
        byte[] seed = new Writer().bytes(x).bytes(reply, 0, 20).toBytes();
        // tor-spec section 5.2.1: K = H(K0 | [00]) | H(K0 | [01]) | ...
        Writer keys = new Writer();
        for (int i = 0; keys.size() < 20 + Tor1Hop.KEY_BYTES; i++) {
            keys.bytes(Digests.sha1().digest(new Writer().bytes(seed).u8(i).toBytes()));
        }
        byte[] all = keys.toBytes();
        if (!Arrays.equals(all, 0, 20, reply, 20, 40)) {
            throw new IOException("a CREATED_FAST with a wrong KH");
        }
        return Arrays.copyOfRange(all, 20, all.length);
    }
}
