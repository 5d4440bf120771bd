package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authorities;
import sallyport.engine.directory.Authority;
import sallyport.engine.host.NetworkSpec;

/// Reads `network { ... }`.
final class NetworkReader {
    // torrc(5): an option begins with a letter or an underscore; `+` appends to it.
    private static final Pattern TORRC_LINE = Pattern.compile("\\+?[A-Za-z_][A-Za-z0-9_]*\\s+\\S.*");
    private static final String KIND = "kind";
    private static final String AUTHORITY_EXAMPLE =
            "\"NICKNAME orport=PORT v3ident=<40 hex> ADDRESS:DIRPORT <40 hex fingerprint>\"";

    private static final String FALLBACK_EXAMPLE = "\"ADDRESS orport=PORT id=<40 hex fingerprint>\"";

    private NetworkReader() {}

    /// @param testing also where the kind cannot be read: what a testing network refuses, every network does
    /// @param network null, with problems, when it cannot be used
    record Reading(boolean testing, @Nullable NetworkSpec network) {}

    static Reading read(Section file) {
        Value value = file.optional("network");
        Section section = value == null ? null : value.section("network { kind = public }");
        if (section == null) {
            return value == null
                    ? new Reading(
                            false,
                            new NetworkSpec(false, Authorities.ofPublicNetwork().all()))
                    : new Reading(true, null);
        }
        boolean testing = isTesting(section);
        List<Authority> authorities = authorities(section, testing);
        List<Authority> fallbacks = fallbacks(section);
        ignoredTorrc(section);
        section.finish();
        return new Reading(testing, authorities.isEmpty() ? null : new NetworkSpec(testing, authorities, fallbacks));
    }

    private static boolean isTesting(Section section) {
        Value kind = section.optional(KIND);
        String text = kind == null ? "public" : kind.text("public or testing");
        if (kind != null && text != null && !text.equals("public") && !text.equals("testing")) {
            kind.problem("is " + kind.shown() + ", not a kind of network", "write public or testing");
        }
        return !"public".equals(text);
    }

    private static List<Authority> authorities(Section section, boolean testing) {
        if (!testing) {
            Value value = section.optional("authorities");
            if (value != null) {
                value.problem(
                        "is set, but the public network has its own authorities",
                        "remove it, or set network.kind = testing");
            }
            return Authorities.ofPublicNetwork().all();
        }
        boolean known = !section.problems().isOf(section.keyOf(KIND));
        Value value = known
                ? section.required("authorities", "[" + AUTHORITY_EXAMPLE + "]")
                : section.optional("authorities");
        if (value == null) {
            return List.of();
        }
        List<Value> elements = value.list();
        List<Authority> authorities = new ArrayList<>();
        for (Value element : elements) {
            Authority authority = authority(element);
            if (authority != null) {
                authorities.add(authority);
            }
        }
        if (elements.isEmpty() && known) {
            value.problem("is an empty list", "add the authorities of the testing network: " + AUTHORITY_EXAMPLE);
        } else if (!elements.isEmpty()
                && authorities.size() == elements.size()
                && authorities.stream().noneMatch(Authority::votes)) {
            value.problem(
                    "names no authority that votes, so no consensus can be trusted",
                    "add v3ident=<40 hex> to each that votes");
        }
        return authorities;
    }

    private static @Nullable Authority authority(Value value) {
        String text = value.text(AUTHORITY_EXAMPLE);
        if (text == null) {
            return null;
        }
        try {
            return Authority.parse(text);
        } catch (Malformed e) {
            value.problem("cannot be read: " + e.getMessage(), "write " + AUTHORITY_EXAMPLE);
            return null;
        }
    }

    private static List<Authority> fallbacks(Section section) {
        Value value = section.optional("fallbacks");
        List<Authority> fallbacks = new ArrayList<>();
        for (Value element : value == null ? List.<Value>of() : value.list()) {
            String text = element.text(FALLBACK_EXAMPLE);
            try {
                if (text != null) {
                    fallbacks.add(Authority.parseFallback(text));
                }
            } catch (Malformed e) {
                element.problem("cannot be read: " + e.getMessage(), "write " + FALLBACK_EXAMPLE);
            }
        }
        return fallbacks;
    }

    /// `torrc` lets one list serve C tor and us. Nothing in it is ours, so a line only has to look like one.
    private static void ignoredTorrc(Section section) {
        Value value = section.optional("torrc");
        if (value == null) {
            return;
        }
        for (Value element : value.list()) {
            String text = element.text("\"Option value\"");
            if (text == null) {
                continue;
            }
            String line = text.strip();
            boolean isComment = line.isEmpty() || line.startsWith("#");
            if (!Printable.isPlain(line)
                    || (!isComment && !TORRC_LINE.matcher(line).matches())) {
                element.problem("is " + element.shown() + ", not a line of a torrc", "write \"Option value\"");
            }
        }
    }
}
