package sallyport.engine.dircache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.compress.Compression;
import sallyport.engine.netdoc.Flavor;

/// How consensuses and diffs are called on disk; the names say all that has to be known of them after a restart.
final class ShelfName {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern CONSENSUS =
            Pattern.compile("consensus-(ns|microdesc)-([0-9]{14})-([0-9A-F]{64})\\.(.+)");
    private static final Pattern DIFF = Pattern.compile("diff-(ns|microdesc)-([0-9A-F]{64})-([0-9A-F]{64})\\.(.+)");

    private ShelfName() {}

    /// A consensus that lies there.
    ///
    /// @param digest SHA3-256 of its signed part, upper-case hex
    record Stored(Flavor flavor, Instant validAfter, String digest) {
        String as(Compression how) {
            return "consensus-" + flavor.word() + "-" + TIME.format(validAfter) + "-" + digest + suffix(how);
        }
    }

    static String diff(Flavor flavor, String from, String to, Compression how) {
        return "diff-" + flavor.word() + "-" + from + "-" + to + suffix(how);
    }

    /// Null where the name is no consensus'.
    static @Nullable Stored consensus(String name) {
        Matcher match = CONSENSUS.matcher(name);
        if (!match.matches()) {
            return null;
        }
        try {
            Instant validAfter = TIME.parse(match.group(2), Instant::from);
            return new Stored(flavor(match.group(1)), validAfter, match.group(3));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /// Whether it is a diff of that flavor that leads elsewhere.
    static boolean isStaleDiff(String name, Flavor flavor, String to) {
        Matcher match = DIFF.matcher(name);
        return match.matches()
                && flavor(match.group(1)) == flavor
                && !match.group(3).equals(to);
    }

    private static Flavor flavor(String word) {
        return word.equals(Flavor.NS.word()) ? Flavor.NS : Flavor.MICRODESC;
    }

    private static String suffix(Compression how) {
        return switch (how) {
            case DEFLATE -> ".zlib";
            case ZSTD -> ".zst";
            case LZMA -> ".lzma";
            case GZIP, IDENTITY -> throw new IllegalArgumentException("not stored so");
        };
    }
}
