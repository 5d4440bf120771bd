package sallyport.supervisor.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.supervisor.doctor.IdentityFacts.Listed;

/// The relays of the last consensus that the process fetched and verified, from its cache (dir-spec, the
/// microdescriptor flavour): `r` lines, `m` lines, and the `family` lines of microdescriptors. What is
/// misshapen is left out.
///
/// @param families whom a relay declares, by its fingerprint
/// @param flags of each relay, by its fingerprint
/// @param validAfter when the consensus begins to hold; empty where there is none
public record ListedRelays(
        List<Listed> relays,
        Map<String, List<String>> families,
        Map<String, Set<String>> flags,
        Optional<Instant> validAfter) {
    /// Nothing is known.
    static final ListedRelays NONE = new ListedRelays(List.of(), Map.of(), Map.of(), Optional.empty());

    private static final String CONSENSUS = "directory/cached-microdesc-consensus";
    private static final String MICRODESCRIPTORS = "directory/cached-microdescs";
    // nickname, identity, date, time, address, ORPort, DirPort behind the keyword (dir-spec 3.4.1, "microdesc").
    private static final int WORDS = 8;

    /// Empty where there is no cache.
    public static ListedRelays in(Path dataDirectory) throws IOException {
        Path consensus = dataDirectory.resolve(CONSENSUS);
        if (!Files.exists(consensus)) {
            return NONE;
        }
        Map<String, List<String>> byDigest = families(dataDirectory.resolve(MICRODESCRIPTORS));
        List<Listed> relays = new ArrayList<>();
        Map<String, List<String>> families = new HashMap<>();
        Map<String, Set<String>> flags = new HashMap<>();
        Optional<Instant> validAfter = Optional.empty();
        for (String line :
                Files.readString(consensus, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("r") && words.length == WORDS) {
                add(words, relays);
            } else if (words[0].equals("m")
                    && words.length == 2
                    && !relays.isEmpty()
                    && byDigest.containsKey(words[1])) {
                families.put(relays.getLast().fingerprint(), byDigest.getOrDefault(words[1], List.of()));
            } else if (words[0].equals("s") && !relays.isEmpty()) {
                flags.put(relays.getLast().fingerprint(), Set.of(Arrays.copyOfRange(words, 1, words.length)));
            } else if (words[0].equals("valid-after") && words.length == 3) {
                validAfter = time(words[1] + "T" + words[2] + "Z");
            }
        }
        return new ListedRelays(relays, families, flags, validAfter);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static void add(String[] words, List<Listed> relays) {
        try {
            relays.add(
                    new Listed(words[1], Hex.upper(Base64Text.decode(words[2])), words[5], Integer.parseInt(words[6])));
        } catch (Malformed | NumberFormatException e) {
            // Verified consensuses have none.
        }
    }

    /// By the digest of the microdescriptor, as `m` lines name it.
    private static Map<String, List<String>> families(Path directory) throws IOException {
        Map<String, List<String>> families = new HashMap<>();
        if (!Files.isDirectory(directory)) {
            return families;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (Microdescriptor one : microdescriptors(file)) {
                    families.put(Base64Text.unpadded(one.digest()), family(one));
                }
            }
        }
        return families;
    }

    private static List<Microdescriptor> microdescriptors(Path file) throws IOException {
        try {
            return Microdescriptor.parseAll(Files.readAllBytes(file));
        } catch (Malformed e) {
            // Not one of the cache's files: nothing is known of it.
            return List.of();
        }
    }

    private static List<String> family(Microdescriptor one) {
        return new String(one.encoded(), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("family "))
                .flatMap(line -> Arrays.stream(line.substring(7).split(" ", -1)))
                .filter(member -> member.startsWith("$"))
                .map(member -> member.substring(1))
                .toList();
    }
}
