package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.instance.FamilySpec;

/// Reads `family { ... }`: whom the relays of this file declare to be of the same operator.
final class FamilyReader {
    // Ours: 42 bytes each, of the 20,000 bytes that authorities take as a descriptor; policy and contact need theirs.
    static final int MEMBERS_MAX = 200;
    private static final int FAMILY_ID_BYTES = 32;
    // What could not be read counts as named, so that nobody is told that a key is missing.
    private static final List<String> UNREADABLE = List.of(FamilyKeys.ALL);
    private static final String FINGERPRINT_EXAMPLE = "\"0123456789ABCDEF0123456789ABCDEF01234567\"";
    private static final String ID_EXAMPLE = "the 43 characters that `sallyport identity family-keygen` prints, or *";

    private static final Map<String, FamilySpec.Listing> LISTINGS =
            Map.of("auto", FamilySpec.Listing.AUTO, "on", FamilySpec.Listing.ON, "off", FamilySpec.Listing.OFF);

    private FamilyReader() {}

    static FamilySpec read(Section file) {
        Value value = file.optional("family");
        Section section = value == null ? null : value.section("family { together = true }");
        if (section == null) {
            return new FamilySpec(true, List.of(), value == null ? List.of() : UNREADABLE);
        }
        boolean together = section.flag("together", true);
        List<String> others = fingerprints(section.optional("others"));
        List<String> ids = ids(section.optional("ids"));
        Value list = section.optional("list");
        FamilySpec.Listing listing =
                list == null ? FamilySpec.Listing.AUTO : list.word(LISTINGS, FamilySpec.Listing.AUTO);
        section.finish();
        return new FamilySpec(together, others, ids, listing);
    }

    /// What only the whole file shows: how long the list gets.
    static void checkSize(Section file, FamilySpec family, int relays) {
        int members = family.others().size() + (family.together() ? relays : 1);
        if (members > MEMBERS_MAX && family.listing() != FamilySpec.Listing.OFF) {
            file.problem(
                    "family",
                    "has " + members + " members, and a descriptor has room for " + MEMBERS_MAX,
                    "show the family with family.ids, and set family.list = off");
        }
    }

    private static List<String> fingerprints(@Nullable Value value) {
        TreeSet<String> fingerprints = new TreeSet<>();
        for (Value element : value == null ? List.<Value>of() : value.list()) {
            String text = element.text(FINGERPRINT_EXAMPLE);
            if (text == null) {
                continue;
            }
            String hex = (text.startsWith("$") ? text.substring(1) : text).toUpperCase(Locale.ROOT);
            if (hex.matches("[0-9A-F]{40}")) {
                fingerprints.add(hex);
            } else {
                element.problem(
                        "is " + element.shown() + ", not a fingerprint", "write 40 hex digits: " + FINGERPRINT_EXAMPLE);
            }
        }
        return List.copyOf(fingerprints);
    }

    private static List<String> ids(@Nullable Value value) {
        List<String> ids = new ArrayList<>();
        for (Value element : value == null ? List.<Value>of() : value.list()) {
            String text = element.text(ID_EXAMPLE);
            if (text == null) {
                continue;
            }
            if (text.equals(FamilyKeys.ALL) || isId(text)) {
                ids.add(text);
            } else {
                element.problem("is " + element.shown() + ", not the id of a family key", "write " + ID_EXAMPLE);
            }
        }
        if (value != null && ids.isEmpty() && value.problems().isAbout(value.key())) {
            return UNREADABLE;
        }
        return ids.contains(FamilyKeys.ALL)
                ? List.of(FamilyKeys.ALL)
                : ids.stream().distinct().toList();
    }

    private static boolean isId(String text) {
        try {
            return text.length() == 43 && Base64Text.decode(text).length == FAMILY_ID_BYTES;
        } catch (Malformed e) {
            return false;
        }
    }
}
