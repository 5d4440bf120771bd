package sallyport.lab.dirauth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Several votes one behind the other, as they stand in a file or an answer.
final class VoteFile {
    private static final String BEGIN = "network-status-version ";

    private VoteFile() {}

    /// Each of them; what stands before the first belongs to none.
    static List<byte[]> split(byte[] votes) {
        String text = new String(votes, StandardCharsets.ISO_8859_1);
        List<byte[]> all = new ArrayList<>();
        int from = text.startsWith(BEGIN) ? 0 : next(text, 0);
        while (from < text.length()) {
            int to = next(text, from);
            all.add(Arrays.copyOfRange(votes, from, to));
            from = to;
        }
        return all;
    }

    private static int next(String text, int from) {
        int at = text.indexOf("\n" + BEGIN, from);
        return at < 0 ? text.length() : at + 1;
    }
}
