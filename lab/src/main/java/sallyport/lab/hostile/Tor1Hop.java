package sallyport.lab.hostile;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The client's end of one layer of relay-cell encryption (tor-spec section 6.1, "tor1").
final class Tor1Hop implements Hop {
    /// Df, Db, Kf, Kb.
    static final int KEY_BYTES = 72;

    private static final int NONCE_BYTES = 20;
    private static final int DIGEST_AT = 5;
    private static final int DIGEST_BYTES = 4;

    private final byte[] nonce;
    private final Cipher forward;
    private final Cipher backward;
    private final MessageDigest forwardDigest = Digests.sha1();
    private MessageDigest backwardDigest = Digests.sha1();

    /// @param keys at least [#KEY_BYTES] of what the handshake yields
    Tor1Hop(byte[] keys) {
        forwardDigest.update(keys, 0, 20);
        backwardDigest.update(keys, 20, 20);
        forward = cipher(Arrays.copyOfRange(keys, 40, 56));
        backward = cipher(Arrays.copyOfRange(keys, 56, 72));
        nonce = Arrays.copyOfRange(keys, KEY_BYTES, KEY_BYTES + NONCE_BYTES);
    }

    /// KH, where ntor made the keys.
    byte[] nonce() {
        return nonce.clone();
    }

    @Override
    public byte[] body(RelayOut message) {
        return message.bodyV0();
    }

    /// The digest goes in, and then the layer around it.
    @Override
    public void seal(int linkCommand, byte[] body) {
        forwardDigest.update(body);
        System.arraycopy(Digests.soFar(forwardDigest), 0, body, DIGEST_AT, DIGEST_BYTES);
        apply(forward, body);
    }

    @Override
    public void encrypt(int linkCommand, byte[] body) {
        apply(forward, body);
    }

    /// SHA-1 after the last cell sealed.
    @Override
    public byte[] forwardTag() {
        return Digests.soFar(forwardDigest);
    }

    /// SHA-1 after the last cell recognized.
    @Override
    public byte[] backwardTag() {
        return Digests.soFar(backwardDigest);
    }

    @Override
    public boolean decrypt(int linkCommand, byte[] body) {
        apply(backward, body);
        if (body[1] != 0 || body[2] != 0) {
            return false;
        }
        byte[] unsigned = body.clone();
        Arrays.fill(unsigned, DIGEST_AT, DIGEST_AT + DIGEST_BYTES, (byte) 0);
        MessageDigest after = Digests.copy(backwardDigest);
        after.update(unsigned);
        if (!Arrays.equals(Digests.soFar(after), 0, DIGEST_BYTES, body, DIGEST_AT, DIGEST_AT + DIGEST_BYTES)) {
            return false;
        }
        backwardDigest = after;
        return true;
    }

    @Override
    public RelayMessage parse(int hop, byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        int command = in.readUnsignedByte();
        in.skipNBytes(2);
        int stream = in.readUnsignedShort();
        in.skipNBytes(DIGEST_BYTES);
        byte[] data = new byte[in.readUnsignedShort()];
        in.readFully(data);
        return new RelayMessage(hop, command, stream, data, in.readAllBytes());
    }

    private static void apply(Cipher cipher, byte[] body) {
        byte[] out = cipher.update(body);
        System.arraycopy(out, 0, body, 0, body.length);
    }

    private static Cipher cipher(byte[] key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
