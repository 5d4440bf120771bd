package sallyport.lab.vote;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Values;

/// What a vote says of one relay (dir-spec 3.4.1, "r" and what follows it).
///
/// @param identity SHA-1 of its RSA identity
/// @param descriptorDigest SHA-1 of its descriptor
/// @param ipv4 with its ORPort
/// @param flags each known to the vote
/// @param version the value of `v`
/// @param protocols the value of `pr`
/// @param bandwidthKb what the relay claims
/// @param measuredKb what a bandwidth authority measured
/// @param uncountedKb what it measured of a directory authority, which is told but not used
/// @param guardFraction percent of its time in which it was a guard
/// @param policy the value of `p`
/// @param microdescriptors the values of the `m` lines
/// @param ed25519 null where nothing is said, zeros where it is said that there is none
/// @param history null where nothing is said
@SuppressWarnings("ArrayRecordComponent")
public record VoteEntry(
        String nickname,
        byte[] identity,
        byte[] descriptorDigest,
        Instant published,
        RelayAddress ipv4,
        int dirPort,
        @Nullable RelayAddress ipv6,
        Set<String> flags,
        @Nullable String version,
        String protocols,
        @Nullable Long bandwidthKb,
        @Nullable Long measuredKb,
        @Nullable Long uncountedKb,
        @Nullable Integer guardFraction,
        @Nullable String policy,
        List<String> microdescriptors,
        byte @Nullable [] ed25519,
        @Nullable RelayHistory history) {

    /// Entries of one relay that speak of the same descriptor are equal in this order (C tor's
    /// compare_vote_rs).
    static final Comparator<VoteEntry> BY_DESCRIPTOR = Comparator.comparing(
                    VoteEntry::descriptorDigest, Arrays::compareUnsigned)
            .thenComparing(VoteEntry::published, Comparator.reverseOrder())
            .thenComparing(VoteEntry::nickname, Comparator.reverseOrder())
            .thenComparing(entry -> entry.ipv4().ip(), Arrays::compareUnsigned)
            .thenComparing(entry -> entry.ipv4().port(), Comparator.reverseOrder())
            .thenComparing(VoteEntry::dirPort, Comparator.reverseOrder());

    private static final String SHA256 = " sha256=";
    private static final int DIGEST_BYTES = 32;
    private static final int DIGEST_CHARS = 43;

    /// The digest of its microdescriptor under a consensus method; null where the vote names none.
    byte @Nullable [] microdescriptor(int method) {
        String wanted = Integer.toString(method);
        // As C tor: of several lines for one method the last counts.
        for (String line : microdescriptors.reversed()) {
            int space = line.indexOf(' ');
            String methods = space < 0 ? line : line.substring(0, space);
            if (Arrays.asList(methods.split(",", -1)).contains(wanted)) {
                return digest(line);
            }
        }
        return null;
    }

    private static byte @Nullable [] digest(String line) {
        int at = line.indexOf(SHA256);
        if (at < 0) {
            return null;
        }
        int from = at + SHA256.length();
        try {
            return Values.base64(line.substring(from, Math.min(from + DIGEST_CHARS, line.length())), DIGEST_BYTES);
        } catch (Malformed e) {
            return null;
        }
    }

    /// Base64 of 20 or 32 bytes without padding, as entries have it.
    static String base64(byte[] digest) {
        return Base64.getEncoder().withoutPadding().encodeToString(digest);
    }
}
