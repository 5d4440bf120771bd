package sallyport.lab.roster;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Values;

/// Which RSA identity belongs to which Ed25519 identity, for good (C tor's keypin.c): whoever breaks one
/// key of a relay cannot take its place without the other.
public final class KeyPins {
    private static final int RSA_BYTES = 20;
    private static final int ED25519_BYTES = 32;
    private static final int RSA_CHARS = 27;
    private static final int LINE_CHARS = 71;

    // Both ways, each key in base64 without padding, as the journal has it.
    private final Map<String, String> byRsa = new HashMap<>();
    private final Map<String, String> byEd25519 = new HashMap<>();
    private final StringBuilder journal = new StringBuilder();

    /// What a pair is to the pins.
    enum Match {
        FOUND,
        /// One of the two is pinned to another.
        MISMATCH,
        NEW
    }

    /// What a journal held.
    ///
    /// @param entries well-formed lines
    /// @param corrupt lines that are none, not counting empty ones and those with `#` or `@`
    /// @param duplicates of what was known
    /// @param conflicts of which the later line won
    public record Loaded(int entries, int corrupt, int duplicates, int conflicts) {}

    /// How many pairs there are.
    public int size() {
        return byRsa.size();
    }

    Match check(byte[] rsaDigest, byte[] ed25519) {
        String rsa = text(rsaDigest);
        String ed = text(ed25519);
        String pinned = byRsa.get(rsa);
        if (pinned != null) {
            return pinned.equals(ed) ? Match.FOUND : Match.MISMATCH;
        }
        return byEd25519.containsKey(ed) ? Match.MISMATCH : Match.NEW;
    }

    /// Pins a pair, instead of those that contradict it, and writes it into the journal.
    void pin(byte[] rsaDigest, byte[] ed25519) {
        String rsa = text(rsaDigest);
        String ed = text(ed25519);
        replace(rsa, ed);
        journal.append(rsa).append(' ').append(ed).append('\n');
    }

    /// The lines of C tor's `key-pinning-journal` since this was last asked, to be appended to the file;
    /// empty where nothing was pinned.
    public String newLines() {
        String lines = journal.toString();
        journal.setLength(0);
        return lines;
    }

    /// Reads a journal; of lines that contradict each other the later one counts.
    public Loaded load(String text) {
        int entries = 0;
        int corrupt = 0;
        int duplicates = 0;
        int conflicts = 0;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("@") || line.startsWith("#") || line.isBlank()) {
                continue;
            }
            String[] pair = pair(line);
            if (pair == null) {
                corrupt++;
                continue;
            }
            entries++;
            if (pair[1].equals(byRsa.get(pair[0]))) {
                duplicates++;
            } else if (replace(pair[0], pair[1])) {
                conflicts++;
            }
        }
        return new Loaded(entries, corrupt, duplicates, conflicts);
    }

    private static String @Nullable [] pair(String line) {
        if (line.length() != LINE_CHARS || line.charAt(RSA_CHARS) != ' ') {
            return null;
        }
        try {
            return new String[] {
                text(Values.base64(line.substring(0, RSA_CHARS), RSA_BYTES)),
                text(Values.base64(line.substring(RSA_CHARS + 1), ED25519_BYTES))
            };
        } catch (Malformed e) {
            return null;
        }
    }

    /// Whether anything had to give way.
    private boolean replace(String rsa, String ed25519) {
        String otherEd25519 = byRsa.remove(rsa);
        if (otherEd25519 != null) {
            byEd25519.remove(otherEd25519);
        }
        String otherRsa = byEd25519.remove(ed25519);
        if (otherRsa != null) {
            byRsa.remove(otherRsa);
        }
        byRsa.put(rsa, ed25519);
        byEd25519.put(ed25519, rsa);
        return otherEd25519 != null || otherRsa != null;
    }

    private static String text(byte[] key) {
        return Base64.getEncoder().withoutPadding().encodeToString(key);
    }
}
