package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;

/// The difference of two consensuses (dir-spec "Consensus diff format"): a head that names both, and commands.
/// Whole documents in memory, some ten milliseconds a megabyte: for workers.
public final class ConsensusDiff {
    private static final String VERSION = "network-status-diff-version 1";
    private static final String HASH = "hash ";
    private static final int HEAD_LINES = 2;
    private static final int DIGEST_BYTES = 32;

    private ConsensusDiff() {}

    /// What makes `base` into `target`.
    ///
    /// @throws Malformed where one is no consensus, or a diff cannot be written
    public static byte[] between(byte[] base, byte[] target) throws Malformed {
        TextLines baseLines = TextLines.of(base);
        TextLines targetLines = TextLines.of(target);
        byte[] script = EdScript.between(baseLines, targetLines);
        byte[] head = (VERSION + "\n" + HASH + Hex.upper(UnverifiedConsensus.digestAsSigned(base)) + " "
                        + Hex.upper(Hashes.sha3x256(target)) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] diff = Arrays.copyOf(head, head.length + script.length);
        System.arraycopy(script, 0, diff, head.length, script.length);
        // As C tor: what does not lead to the target must never leave.
        if (!Arrays.equals(EdScript.apply(baseLines, TextLines.of(script), 0), target)) {
            throw new Malformed("a diff that does not lead to its target");
        }
        return diff;
    }

    /// Whether the document is a diff, by its first line.
    public static boolean isDiff(byte[] document) {
        return Search.startsWith(document, 0, document.length, Search.ascii(VERSION + "\n"));
    }

    /// The consensus that the diff makes of `base`.
    ///
    /// @throws Malformed where it belongs to another base, is misshapen, or leads to something else than it says
    public static byte[] apply(byte[] base, byte[] diff) throws Malformed {
        TextLines lines = TextLines.of(diff);
        if (lines.count() < HEAD_LINES || !isDiff(diff)) {
            throw new Malformed("not a diff");
        }
        String hash = new String(diff, lines.start(1), lines.length(1), StandardCharsets.ISO_8859_1);
        String[] words = hash.split(" ", -1);
        if (words.length != 3 || !hash.startsWith(HASH)) {
            throw new Malformed("a diff that names no documents");
        }
        if (!Arrays.equals(digest(words[1]), UnverifiedConsensus.digestAsSigned(base))) {
            throw new Malformed("a diff for another document");
        }
        byte[] target = EdScript.apply(TextLines.of(base), lines, HEAD_LINES);
        if (!Arrays.equals(digest(words[2]), Hashes.sha3x256(target))) {
            throw new Malformed("a diff that leads elsewhere");
        }
        return target;
    }

    private static byte[] digest(String hex) throws Malformed {
        if (hex.length() != 2 * DIGEST_BYTES) {
            throw new Malformed("a digest of an odd length");
        }
        return Hex.decode(hex);
    }
}
