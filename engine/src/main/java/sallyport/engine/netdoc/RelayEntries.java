package sallyport.engine.netdoc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;

/// Walks over a consensus from relay to relay. Their order is what lets a diff find common ones without searching.
final class RelayEntries {
    private static final byte[] RELAY = Search.ascii("r ");
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final TextLines lines;
    private final int end;
    private int line = -1;
    private byte @Nullable [] identity;

    /// @param end the first line that is no longer looked at
    RelayEntries(TextLines lines, int end) {
        this.lines = lines;
        this.end = end;
    }

    /// Where it stands; `end` after the last relay.
    int line() {
        return line;
    }

    boolean isAtEnd() {
        return line >= end;
    }

    /// Nothing more matters here.
    void toEnd() {
        line = end;
    }

    /// Goes to the next relay, or to the end.
    ///
    /// @throws Malformed when the relays do not stand in the order of their identities
    void next() throws Malformed {
        byte[] found = null;
        while (found == null && ++line < end) {
            found = identity(line);
        }
        if (found != null) {
            if (identity != null && Arrays.compare(identity, found) >= 0) {
                throw new Malformed("relays out of order");
            }
            identity = found;
        }
    }

    /// How the relay here, or the last one, compares with the other's; none comes first.
    int compareTo(RelayEntries other) {
        if (identity == null || other.identity == null) {
            return Boolean.compare(identity != null, other.identity != null);
        }
        return Arrays.compare(identity, other.identity);
    }

    /// The values of the digits of the identity in an `r` line; null where the line is none.
    private byte @Nullable [] identity(int at) {
        if (!lines.startsWith(at, RELAY)) {
            return null;
        }
        byte[] text = lines.text();
        int stop = lines.start(at) + lines.length(at);
        int from = lines.start(at) + RELAY.length;
        while (from < stop && text[from] != ' ') {
            from++;
        }
        int to = ++from;
        while (to < stop && DIGITS.indexOf(text[to]) >= 0) {
            to++;
        }
        if (to <= from) {
            return null;
        }
        byte[] values = new byte[to - from];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) DIGITS.indexOf(text[from + i]);
        }
        return values;
    }
}
