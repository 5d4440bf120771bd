package sallyport.lab.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Times;

/// One guard as a line of C tor's `state` file: `in=default rsa_id=... nickname=... sampled_on=...`, in any order.
/// What is not known is kept in its words; what is known and makes no sense is put right.
final class GuardLine {
    /// The one sample there is here; C tor has others for bridges and for clients that may use few guards.
    static final String SELECTION = "default";

    private static final String LEGACY = "legacy";
    private static final Pattern IDENTITY = Pattern.compile("[0-9A-Fa-f]{40}");
    private static final Pattern NICKNAME = Pattern.compile("[0-9A-Za-z]{1,19}");
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,10}");
    private static final Set<String> KNOWN = Set.of(
            "in",
            "rsa_id",
            "nickname",
            "sampled_on",
            "sampled_idx",
            "sampled_by",
            "unlisted_since",
            "listed",
            "confirmed_on",
            "confirmed_idx");

    private final Map<String, String> values = new HashMap<>();
    private final List<String> extra = new ArrayList<>();

    private GuardLine(String text) {
        for (String entry : text.split("[ \t]+", -1)) {
            int equals = entry.indexOf('=');
            String key = equals < 0 ? "" : entry.substring(0, equals);
            if (KNOWN.contains(key) && !values.containsKey(key)) {
                values.put(key, entry.substring(equals + 1));
            } else if (!entry.isEmpty()) {
                extra.add(entry);
            }
        }
    }

    /// Reads what follows the keyword.
    ///
    /// @param unplacedIdx the place of a guard whose own makes no sense
    /// @return null: a guard of another selection, which is well formed
    /// @throws Malformed where C tor would not take the file for it
    static @Nullable KeptGuard parse(String text, Instant now, int unplacedIdx) throws Malformed {
        GuardLine line = new GuardLine(text);
        String selection = line.values.get("in");
        String identity = line.values.get("rsa_id");
        if (selection == null || selection.equals(LEGACY)) {
            throw new Malformed("a guard of no selection");
        }
        if (identity == null || !IDENTITY.matcher(identity).matches()) {
            throw new Malformed("a guard without identity");
        }
        return selection.equals(SELECTION) ? line.guard(identity.toUpperCase(Locale.ROOT), now, unplacedIdx) : null;
    }

    private KeptGuard guard(String identity, Instant now, int unplacedIdx) {
        String nickname = values.getOrDefault("nickname", "");
        Instant sampledOn = time("sampled_on");
        int confirmedIdx = index("confirmed_idx", KeptGuard.UNCONFIRMED);
        return new KeptGuard(
                identity,
                NICKNAME.matcher(nickname).matches() ? nickname : "",
                sampledOn.equals(KeptGuard.NEVER) ? now : sampledOn,
                // One that an older C tor has written has only the order of confirmation.
                index(
                        "sampled_idx",
                        !values.containsKey("sampled_idx") && confirmedIdx >= 0 ? confirmedIdx : unplacedIdx),
                values.getOrDefault("sampled_by", ""),
                time("unlisted_since"),
                !values.getOrDefault("listed", "0").equals("0"),
                time("confirmed_on"),
                confirmedIdx,
                String.join(" ", extra));
    }

    private Instant time(String key) {
        String text = values.getOrDefault(key, "");
        try {
            return text.indexOf(' ') < 0 ? Times.parse(text.replace('T', ' ')) : KeptGuard.NEVER;
        } catch (Malformed e) {
            return KeptGuard.NEVER;
        }
    }

    private int index(String key, int dflt) {
        String text = values.getOrDefault(key, "");
        if (!INDEX.matcher(text).matches()) {
            return dflt;
        }
        long index = Long.parseLong(text);
        return index < Integer.MAX_VALUE ? (int) index : dflt;
    }

    /// What follows the keyword, in C tor's order.
    static String text(KeptGuard guard) {
        StringBuilder text = new StringBuilder("in=" + SELECTION + " rsa_id=" + guard.fingerprint());
        add(text, "nickname", guard.nickname());
        add(text, "sampled_on", text(guard.sampledOn()));
        add(text, "sampled_idx", Integer.toString(guard.sampledIdx()));
        add(text, "sampled_by", guard.sampledBy());
        add(text, "unlisted_since", guard.unlistedSince().equals(KeptGuard.NEVER) ? "" : text(guard.unlistedSince()));
        add(text, "listed", guard.listed() ? "1" : "0");
        if (guard.confirmedIdx() >= 0) {
            add(text, "confirmed_on", text(guard.confirmedOn()));
            add(text, "confirmed_idx", Integer.toString(guard.confirmedIdx()));
        }
        return guard.extra().isEmpty()
                ? text.toString()
                : text.append(' ').append(guard.extra()).toString();
    }

    private static void add(StringBuilder text, String key, String value) {
        if (!value.isEmpty()) {
            text.append(' ').append(key).append('=').append(value);
        }
    }

    private static String text(Instant time) {
        return Times.text(time).replace(' ', 'T');
    }
}
