package sallyport.lab.sharedrandom;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.lab.vote.Commitment;
import sallyport.lab.vote.SharedRandom;

/// Makes commitments, and the value that follows from what was revealed.
final class Commitments {
    /// How many random bytes a commitment is made of.
    static final int RANDOM_BYTES = 32;

    private static final String TOKEN = "shared-random";
    private static final int VALUE_BYTES = 32;

    private Commitments() {}

    /// srv-spec 4.1.1: an authority's own for the run that begins at `start`.
    ///
    /// @param random 32 bytes that nobody knows; only their hash is told, so that nothing is learned of
    /// where they come from
    static Commitment make(byte[] identity, Instant start, byte[] random) {
        String reveal = text(start, Hashes.sha3x256(random));
        return new Commitment(
                identity, text(start, Hashes.sha3x256(reveal.getBytes(StandardCharsets.US_ASCII))), reveal);
    }

    /// srv-spec 3.3, with C tor's order: by the hashes in the commitments.
    ///
    /// @param previous the value before it; null where there is none, which counts as zeros
    static SharedRandom.Value value(Collection<Commitment> commitments, SharedRandom.@Nullable Value previous) {
        List<Commitment> revealed = commitments.stream()
                .filter(commitment -> commitment.reveal() != null)
                .sorted(Comparator.comparing(Commitment::hash, Arrays::compareUnsigned))
                .toList();
        StringBuilder reveals = new StringBuilder();
        for (Commitment commitment : revealed) {
            reveals.append(Hex.upper(commitment.identity())).append(commitment.reveal());
        }
        byte[] message = ByteBuffer.allocate(TOKEN.length() + Long.BYTES + Integer.BYTES + 2 * VALUE_BYTES)
                .put(TOKEN.getBytes(StandardCharsets.US_ASCII))
                .putLong(revealed.size())
                .putInt(Commitment.VERSION)
                .put(Hashes.sha3x256(reveals.toString().getBytes(StandardCharsets.US_ASCII)))
                .put(previous == null ? new byte[VALUE_BYTES] : previous.bytes())
                .array();
        return new SharedRandom.Value(revealed.size(), Hashes.sha3x256(message));
    }

    private static String text(Instant time, byte[] hash) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES + hash.length)
                .putLong(time.getEpochSecond())
                .put(hash)
                .array();
        return Base64.getEncoder().encodeToString(bytes);
    }
}
