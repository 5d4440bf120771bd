package sallyport.lab.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a node's consensus says about relays; a snapshot, made by looking into the file C tor keeps.
public final class Consensus {
    private final String text;
    private final Map<String, Set<String>> flags = new HashMap<>();
    private final Map<String, String> protocols = new HashMap<>();
    private final Map<String, String> nicknames = new HashMap<>();

    private Consensus(String text) {
        this.text = text;
        String fingerprint = "";
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("r ")) {
                String[] words = line.split(" ", -1);
                fingerprint = HexFormat.of()
                        .withUpperCase()
                        .formatHex(Base64.getDecoder().decode(words[2] + "="));
                nicknames.put(fingerprint, words[1]);
            } else if (line.equals("s") || line.startsWith("s ")) {
                flags.put(fingerprint, Set.of(line.substring(1).strip().split(" ", -1)));
            } else if (line.startsWith("pr ")) {
                protocols.put(fingerprint, line.substring(3));
            }
        }
    }

    /// The consensus of the full flavour as this node has it; an empty one if it has none yet.
    public static Consensus of(TorNode node) {
        return of(node.data().resolve("cached-consensus"));
    }

    static Consensus of(Path file) {
        try {
            return new Consensus(Files.readString(file));
        } catch (NoSuchFileException none) {
            return new Consensus("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether there is one.
    public boolean isPresent() {
        return !text.isEmpty();
    }

    /// The flags of a relay; none if it is not listed.
    ///
    /// @param fingerprint 40 upper-case hex digits
    public Set<String> flags(String fingerprint) {
        return flags.getOrDefault(fingerprint, Set.of());
    }

    /// The nicknames of all relays with all of these flags.
    public List<String> nicknamesWith(Set<String> wanted) {
        return nicknames.entrySet().stream()
                .filter(relay -> flags(relay.getKey()).containsAll(wanted))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// What a relay can do, as its descriptor's `proto` line has it; empty if it is not listed.
    ///
    /// @param fingerprint 40 upper-case hex digits
    public String protocols(String fingerprint) {
        return protocols.getOrDefault(fingerprint, "");
    }

    /// How many relays are listed.
    public int size() {
        return flags.size();
    }

    /// The document.
    public String text() {
        return text;
    }
}
