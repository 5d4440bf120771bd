package sallyport.lab.roster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;

/// Relays by fingerprint, nickname or address pattern, as C tor's options name them (`*` means all). It
/// knows no countries.
public final class RelaySet {
    /// Nobody.
    public static final RelaySet NONE = new RelaySet(Set.of(), Set.of(), List.of());

    private static final Pattern FINGERPRINT = Pattern.compile("\\$?([0-9A-Fa-f]{40})");
    private static final Pattern NICKNAME = Pattern.compile("[A-Za-z0-9]{1,19}");

    private final Set<String> fingerprints;
    private final Set<String> nicknames;
    private final ExitPolicy others;

    private RelaySet(Set<String> fingerprints, Set<String> nicknames, List<String> patterns) {
        this.fingerprints = Set.copyOf(fingerprints);
        this.nicknames = Set.copyOf(nicknames);
        try {
            this.others = ExitPolicy.ofDescriptor(
                    patterns.stream().map(pattern -> "reject " + pattern).toList());
        } catch (ExitPolicyException e) {
            throw new IllegalArgumentException("not relays", e);
        }
    }

    /// @param list separated by commas; null for nobody
    /// @throws IllegalArgumentException for an entry that names no relays
    public static RelaySet of(@Nullable String list) {
        if (list == null) {
            return NONE;
        }
        Set<String> fingerprints = new HashSet<>();
        Set<String> nicknames = new HashSet<>();
        List<String> patterns = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            String name = entry.strip();
            var fingerprint = FINGERPRINT.matcher(name);
            if (fingerprint.matches()) {
                fingerprints.add(fingerprint.group(1).toUpperCase(Locale.ROOT));
            } else if (NICKNAME.matcher(name).matches()) {
                nicknames.add(name.toLowerCase(Locale.ROOT));
            } else if (!name.isEmpty()) {
                patterns.add(name);
            }
        }
        return new RelaySet(fingerprints, nicknames, patterns);
    }

    boolean contains(String fingerprint, String nickname, RelayAddress address) {
        return fingerprints.contains(fingerprint)
                || nicknames.contains(nickname.toLowerCase(Locale.ROOT))
                || contains(address);
    }

    boolean contains(RelayAddress address) {
        return !others.accepts(address.ip(), address.port());
    }
}
