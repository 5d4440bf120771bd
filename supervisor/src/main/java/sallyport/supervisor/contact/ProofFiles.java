package sallyport.supervisor.contact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files by which a web site says which relays are its own, below `/.well-known/tor-relay/` (proposal
/// 326; CIISS for the family's).
public final class ProofFiles {
    private static final String FINGERPRINTS = "rsa-fingerprint.txt";
    private static final String IDENTITIES = "ed25519-master-pubkey.txt";
    private static final String FAMILIES = "ed25519-family-id.txt";
    // Proposal 326: at most 1 MB. What is longer is no file of ours and no key of anybody's.
    private static final int LOOKED_AT_BYTES = 1 << 20;
    // C tor's key files, PEM, and what base64 of 64 secret bytes looks like; a public key has 43 characters.
    private static final Pattern SECRET_NAME = Pattern.compile(".*(secret|private).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECRET_TEXT =
            Pattern.compile("== [a-z0-9-]+: type\\d ==|ed25519v1-secret|PRIVATE KEY|[A-Za-z0-9+/]{64,}={0,2}");

    private final Map<String, List<String>> lines = new TreeMap<>();

    /// @param fingerprints of the relays, 40 hex digits each
    /// @param identities of the relays, 43 characters of base64 each
    /// @param families ids, 43 characters of base64 each; none where the relays have no family key
    public ProofFiles(List<String> fingerprints, List<String> identities, List<String> families) {
        lines.put(FINGERPRINTS, sorted(fingerprints));
        lines.put(IDENTITIES, sorted(identities));
        if (!families.isEmpty()) {
            lines.put(FAMILIES, sorted(families));
        }
    }

    /// Files of this directory, however deep, that look like a secret key: nothing may be published
    /// beside them.
    public static List<Path> secretsIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (looksSecret(file)) {
                    found.add(file);
                }
            }
            return found;
        }
    }

    /// Writes the files, each at once as a whole, and makes the directory when it is missing.
    ///
    /// @return what was written, in the order of names
    public List<Path> write(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, List<String>> file : lines.entrySet()) {
            Path target = directory.resolve(file.getKey());
            Path draft = directory.resolve(file.getKey() + ".new");
            Files.writeString(draft, String.join("\n", file.getValue()) + "\n", StandardCharsets.US_ASCII);
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            written.add(target);
        }
        return written;
    }

    private static boolean looksSecret(Path file) throws IOException {
        if (SECRET_NAME.matcher(file.getFileName().toString()).matches()) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LOOKED_AT_BYTES), StandardCharsets.ISO_8859_1);
            return SECRET_TEXT.matcher(text).find();
        }
    }

    private static List<String> sorted(List<String> ids) {
        return ids.stream().distinct().sorted().toList();
    }
}
