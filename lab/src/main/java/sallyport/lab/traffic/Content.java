package sallyport.lab.traffic;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Endless pseudo-random bytes that follow from a seed, made at the speed of copying memory.
///
/// One period of random bytes repeats, and each repetition begins with its number: a piece of the stream
/// that was lost, doubled or moved, however long, changes the digest. Immutable; safe for use by several
/// threads.
public final class Content {
    // A prime: no power of two, cell or record size ever falls into step with it.
    private static final int PERIOD = 1_048_573;
    private static final int STAMP = Long.BYTES;

    private final byte[] period;

    private Content(byte[] period) {
        this.period = period;
    }

    /// The content that follows from a seed.
    public static Content of(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] period = new byte[PERIOD];
        random.nextBytes(period);
        return new Content(period);
    }

    /// Writes the first `length` bytes.
    public void writeTo(OutputStream out, long length) throws IOException {
        byte[] stamp = new byte[STAMP];
        long left = length;
        for (long round = 0; left > 0; round++) {
            for (int i = 0; i < STAMP; i++) {
                stamp[i] = (byte) (round >>> (8 * i));
            }
            out.write(stamp, 0, (int) Math.min(left, STAMP));
            left -= Math.min(left, STAMP);
            int rest = (int) Math.min(left, PERIOD - STAMP);
            out.write(period, STAMP, rest);
            left -= rest;
        }
    }

    /// The SHA-256 of the first `length` bytes, lower-case hex.
    public String sha256(long length) {
        MessageDigest digest = newSha256();
        try {
            writeTo(new DigestOutput(digest), length);
        } catch (IOException e) {
            throw new IllegalStateException("a digest does no input or output", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static final class DigestOutput extends OutputStream {
        private final MessageDigest digest;

        DigestOutput(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        public void write(int b) {
            digest.update((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }
    }
}
