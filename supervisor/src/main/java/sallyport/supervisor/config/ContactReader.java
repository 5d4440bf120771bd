package sallyport.supervisor.config;

import com.typesafe.config.ConfigValueType;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.FamilySpec;
import sallyport.supervisor.contact.ContactField;

/// Reads `contact` of one relay: a line of text as it is, or the fields of CIISS, which make that line.
final class ContactReader {
    // Ours: C tor refuses descriptors of more than 20,000 bytes, and policy and family need their part of them.
    private static final int BYTES_MAX = 2_000;
    private static final String EXAMPLE = "\"ops[]example.org\" or { email = \"tor@example.org\" }";
    private static final String VERSION_DEFAULT = "3";
    private static final Pattern IP_HOST = Pattern.compile("(https?://)?[0-9.]+([:/].*)?");

    private final Section section;
    private final int relays;
    private final Map<ContactField, String> fields = new EnumMap<>(ContactField.class);
    private final Map<ContactField, Value> values = new EnumMap<>(ContactField.class);

    private ContactReader(Section section, int relays) {
        this.section = section;
        this.relays = relays;
    }

    /// One line; empty when the file says nothing of it, or nothing that can be published.
    ///
    /// @param relays of the host, among which its figures are divided
    static String read(Section relay, FamilySpec family, int relays) {
        Value value = relay.optional("contact");
        if (value == null) {
            return "";
        }
        if (value.raw().valueType() != ConfigValueType.OBJECT) {
            String text = value.text(EXAMPLE);
            return text == null ? "" : checked(value, text);
        }
        Section section = value.section(EXAMPLE);
        return section == null ? "" : checked(value, new ContactReader(section, relays).line(family));
    }

    private String line(FamilySpec family) {
        for (ContactField field : ContactField.values()) {
            read(field);
        }
        section.finish();
        fields.putIfAbsent(ContactField.CIISSVERSION, VERSION_DEFAULT);
        checkProof(family);
        // What was written and is wrong was said.
        if (fields.size() == 1 && Set.of(ContactField.CIISSVERSION).containsAll(values.keySet())) {
            section.problem(section.keyOf("email"), "is missing", "add email, which is how people reach you");
        }
        return fields.entrySet().stream()
                .map(field -> field.getKey().key() + ":" + field.getValue())
                .collect(Collectors.joining(" "));
    }

    private void read(ContactField field) {
        Value value = section.optional(field.key());
        String text = value == null ? null : value.text(field.rule());
        if (value == null || text == null) {
            return;
        }
        values.put(field, value);
        Optional<String> published = field.published(text.strip(), relays);
        if (published.isEmpty()) {
            value.problem("is " + value.shown() + ", not of the form that CIISS gives it", "write " + field.rule());
        } else {
            fields.put(field, published.get());
        }
    }

    /// CIISS: a `url` is believed when there is proof of it. In version 3 that is a file or record with
    /// the family's id, in version 2 one with the relays' fingerprints, which needs the url.
    private void checkProof(FamilySpec family) {
        Value url = values.get(ContactField.URL);
        Value proof = values.get(ContactField.PROOF);
        if (proof != null && url == null) {
            proof.problem("proves nothing without url", "add url, or remove proof");
        }
        if (url == null || !fields.containsKey(ContactField.URL)) {
            return;
        }
        if (IP_HOST.matcher(fields.getOrDefault(ContactField.URL, "")).matches()) {
            url.problem("names an address, and no validator believes one", "write the name of your site");
        }
        boolean byFamily = VERSION_DEFAULT.equals(fields.get(ContactField.CIISSVERSION));
        if (proof == null) {
            fields.put(ContactField.PROOF, byFamily ? "uri-familyid-ed25519" : "uri-rsa");
        } else if (fields.getOrDefault(ContactField.PROOF, "").endsWith("rsa") == byFamily) {
            proof.problem(
                    "is " + proof.shown() + ", which is no proof in version " + (byFamily ? "3" : "2"),
                    byFamily
                            ? "write uri-familyid-ed25519 or dns-familyid-ed25519"
                            : "write uri-rsa or dns-rsa, or ciissversion = 3");
        }
        if (byFamily && family.ids().isEmpty()) {
            at(proof, url)
                    .problem(
                            "is proved by the id of a family key, and family.ids names none",
                            "make one with `sallyport identity family-keygen` and set family.ids, or set ciissversion = 2");
        }
    }

    private static Value at(@Nullable Value first, Value otherwise) {
        return first == null ? otherwise : first;
    }

    private static String checked(Value value, String text) {
        if (!Printable.isPlain(text)) {
            value.problem("holds a line break or another control character", "write it as one line of plain text");
        } else if (text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            value.problem("is longer than " + BYTES_MAX + " bytes, and a descriptor has little room", "shorten it");
        }
        return text.strip();
    }
}
