package sallyport.lab.vote;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A version of C tor such as `Tor 0.4.9.1-alpha-dev`, to put versions in order (version-spec).
///
/// @param stage 0 for `pre`, 1 for `rc`, 2 for a release
/// @param tag what stands behind the numbers
/// @param revision of the Subversion of old
/// @param git hex digits
public record TorVersion(int major, int minor, int micro, int stage, int patch, String tag, int revision, String git)
        implements Comparable<TorVersion> {
    // As C tor (MAX_STATUS_TAG_LEN).
    private static final int TAG_CHARS_MAX = 31;
    private static final int RELEASE = 2;
    private static final Pattern SHAPE = Pattern.compile(
            "(?:[Tt][Oo][Rr] )?(\\d{1,10})\\.(\\d{1,10})(?:\\.(\\d{1,10})(?:(\\.|pre|rc)(\\d{1,10})(.*)|(-.*)?)|(-.*)?)");
    private static final Pattern REST = Pattern.compile("([^ \\t]*)[ \\t]*(?:\\(r(\\d{1,9}).*|\\(git-([^)]*)\\).*|.*)");
    private static final Pattern GIT = Pattern.compile("(?:[0-9A-Fa-f]{2}){1,20}");
    private static final Comparator<TorVersion> ORDER = Comparator.comparingInt(TorVersion::major)
            .thenComparingInt(TorVersion::minor)
            .thenComparingInt(TorVersion::micro)
            .thenComparingInt(TorVersion::stage)
            .thenComparingInt(TorVersion::patch)
            .thenComparing(TorVersion::tag)
            .thenComparingInt(TorVersion::revision)
            .thenComparingInt(version -> version.git().length())
            .thenComparing(TorVersion::git);

    /// As authorities sort lists of versions: what is no version comes last, in the order of its bytes.
    static final Comparator<String> TEXTS = (a, b) -> {
        TorVersion first = parse(a);
        TorVersion second = parse(b);
        if (first == null && second == null) {
            return a.compareTo(b);
        }
        if (first == null || second == null) {
            return first == null ? 1 : -1;
        }
        return first.compareTo(second);
    };

    /// Null for what is no version.
    public static @Nullable TorVersion parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            return null;
        }
        String rest = "";
        for (int group = 6; group <= 8; group++) {
            rest = shape.group(group) == null ? rest : shape.group(group);
        }
        if (rest.startsWith("-") || rest.startsWith(".")) {
            rest = rest.substring(1);
        }
        Matcher parts = REST.matcher(rest);
        String kind = shape.group(4);
        try {
            if (!parts.matches()) {
                return null;
            }
            String git = parts.group(3);
            if (git != null && !GIT.matcher(git).matches()) {
                return null;
            }
            String tag = parts.group(1);
            return new TorVersion(
                    Integer.parseInt(shape.group(1)),
                    Integer.parseInt(shape.group(2)),
                    shape.group(3) == null ? 0 : Integer.parseInt(shape.group(3)),
                    kind == null || kind.equals(".")
                            ? RELEASE
                            : List.of("pre", "rc").indexOf(kind),
                    shape.group(5) == null ? 0 : Integer.parseInt(shape.group(5)),
                    tag.substring(0, Math.min(tag.length(), TAG_CHARS_MAX)),
                    parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2)),
                    git == null ? "" : git.toLowerCase(Locale.ROOT));
        } catch (NumberFormatException beyondInt) {
            return null;
        }
    }

    @Override
    public int compareTo(TorVersion other) {
        return ORDER.compare(this, other);
    }
}
