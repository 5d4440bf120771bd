package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Values;

/// What one authority committed itself to in a run of the shared random protocol, and what it revealed
/// (srv-spec 4.1). The texts are kept as they came, for they are what is hashed and compared.
///
/// @param identity SHA-1 of its v3 identity key
/// @param commit base64 of a time and the hash of the text that will be revealed
/// @param reveal base64 of the same time and a random number; null where it is not known
@SuppressWarnings("ArrayRecordComponent")
public record Commitment(
        byte[] identity, String commit, @Nullable String reveal) {
    /// The protocol's version, in votes and on disk.
    public static final int VERSION = 1;

    private static final String ALGORITHM = "sha3-256";
    private static final long VERSION_MAX = 0xffff_ffffL;
    private static final int IDENTITY_CHARS = 40;
    private static final int ARGUMENTS_MIN = 4;
    private static final int TIME_BYTES = 8;
    private static final int VALUE_BYTES = TIME_BYTES + 32;
    // Base64 of 40 bytes, padded.
    private static final int TEXT_CHARS = 56;

    /// Reads `version algorithm identity commit [reveal]`, with more arguments behind them; null for
    /// what C tor passes over.
    public static @Nullable Commitment of(List<String> arguments) {
        if (arguments.size() < ARGUMENTS_MIN
                || isLaterVersion(arguments.get(0))
                || !arguments.get(1).equals(ALGORITHM)
                || arguments.get(2).length() < IDENTITY_CHARS) {
            return null;
        }
        String reveal = arguments.size() > ARGUMENTS_MIN ? arguments.get(ARGUMENTS_MIN) : null;
        try {
            byte[] identity = Hex.decode(arguments.get(2).substring(0, IDENTITY_CHARS));
            decoded(arguments.get(3));
            if (reveal != null) {
                decoded(reveal);
            }
            return new Commitment(identity, arguments.get(3), reveal);
        } catch (Malformed e) {
            return null;
        }
    }

    /// The arguments as they are written.
    ///
    /// @param revealing whether to tell what was revealed
    public String line(boolean revealing) {
        return VERSION + " " + ALGORITHM + " " + Hex.upper(identity) + " " + commit
                + (revealing && reveal != null ? " " + reveal : "");
    }

    /// Whether what was revealed is what was committed to: srv-spec 4.1.2.
    public boolean holds() {
        if (reveal == null) {
            return false;
        }
        byte[] committed = bytes(commit);
        byte[] revealed = bytes(reveal);
        // As C tor, which hashes the whole of a field that holds 56 characters.
        byte[] text = Arrays.copyOf(reveal.getBytes(StandardCharsets.US_ASCII), TEXT_CHARS);
        return Arrays.equals(committed, 0, TIME_BYTES, revealed, 0, TIME_BYTES)
                && Hashes.equal(hash(), Hashes.sha3x256(text));
    }

    /// The hash that it commits itself to; 32 bytes.
    public byte[] hash() {
        return Arrays.copyOfRange(bytes(commit), TIME_BYTES, VALUE_BYTES);
    }

    /// The same with what another one reveals.
    public Commitment revealing(Commitment other) {
        return new Commitment(identity, commit, other.reveal());
    }

    /// As C tor: what is no number counts as an old version.
    private static boolean isLaterVersion(String version) {
        try {
            Values.number(version, VERSION + 1L, VERSION_MAX);
            return true;
        } catch (Malformed e) {
            return false;
        }
    }

    /// As C tor: what follows the first `=` is not looked at.
    private static byte[] decoded(String text) throws Malformed {
        int padding = text.indexOf('=');
        byte[] bytes = Base64Text.decode(padding < 0 ? text : text.substring(0, padding));
        if (text.length() > TEXT_CHARS || bytes.length != VALUE_BYTES) {
            throw new Malformed("a commitment of another length");
        }
        return bytes;
    }

    private static byte[] bytes(String text) {
        try {
            return decoded(text);
        } catch (Malformed e) {
            throw new IllegalArgumentException("a commitment that was never read", e);
        }
    }
}
