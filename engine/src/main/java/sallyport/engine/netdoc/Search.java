package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;

/// Finding texts in documents.
final class Search {
    private Search() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// The first place in `[from, to)` where the whole needle stands; -1 when there is none.
    static int indexOf(byte[] text, int from, int to, byte[] needle) {
        byte first = needle[0];
        for (int i = Math.max(from, 0); i <= to - needle.length; i++) {
            if (text[i] == first && startsWith(text, i, to, needle)) {
                return i;
            }
        }
        return -1;
    }

    static boolean startsWith(byte[] text, int at, int to, byte[] prefix) {
        if (at < 0 || to - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (text[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
