package sallyport.engine.netdoc;

import java.util.Arrays;
import sallyport.engine.bytes.Malformed;

/// The lines of a document, in place: where each begins and ends, and a number to compare them by quickly.
final class TextLines {
    // As C tor (CONSENSUS_LINE_MAX_LEN).
    private static final int LINE_BYTES_MAX = 1 << 20;
    private static final int START_LINES = 1024;

    private final byte[] text;
    private int[] starts = new int[START_LINES];
    private int[] hashes = new int[START_LINES];
    private int count;

    private TextLines(byte[] text) {
        this.text = text;
    }

    /// @throws Malformed when the last line has no end, or one is longer than any document's
    static TextLines of(byte[] text) throws Malformed {
        TextLines lines = new TextLines(text);
        int start = 0;
        int hash = 1;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                lines.add(start, hash);
                start = i + 1;
                hash = 1;
            } else if (i - start >= LINE_BYTES_MAX) {
                throw new Malformed("a line too long");
            } else {
                hash = 31 * hash + text[i];
            }
        }
        if (start != text.length) {
            throw new Malformed("a last line without an end");
        }
        lines.starts[lines.count] = start;
        return lines;
    }

    private void add(int start, int hash) {
        if (count + 1 == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            hashes = Arrays.copyOf(hashes, 2 * hashes.length);
        }
        starts[count] = start;
        hashes[count++] = hash;
    }

    int count() {
        return count;
    }

    byte[] text() {
        return text;
    }

    int start(int line) {
        return starts[line];
    }

    /// Without its line end.
    int length(int line) {
        return starts[line + 1] - starts[line] - 1;
    }

    boolean same(int line, TextLines other, int otherLine) {
        return hashes[line] == other.hashes[otherLine]
                && Arrays.equals(
                        text,
                        starts[line],
                        starts[line] + length(line),
                        other.text,
                        other.starts[otherLine],
                        other.starts[otherLine] + other.length(otherLine));
    }

    boolean startsWith(int line, byte[] prefix) {
        return Search.startsWith(text, starts[line], starts[line] + length(line), prefix);
    }

    boolean is(int line, byte[] content) {
        return length(line) == content.length && startsWith(line, content);
    }
}
