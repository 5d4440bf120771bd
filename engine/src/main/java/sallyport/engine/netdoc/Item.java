package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;

/// One keyword line of a document and the object under it.
///
/// @param line what follows the keyword, without the white space around it
/// @param object its decoded bytes; not to be changed
/// @param position how many items of the section stand before it, unknown ones counted
@SuppressWarnings("ArrayRecordComponent")
public record Item(String keyword, String line, @Nullable String objectType, byte @Nullable [] object, int position) {
    // As C tor: more arguments in one line are nonsense.
    static final int ARGUMENTS_MAX = 512;

    /// The line split at white space.
    public List<String> arguments() throws Malformed {
        List<String> out = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            int end = at;
            while (end < line.length() && !isSpace(line.charAt(end))) {
                end++;
            }
            if (end > at) {
                if (out.size() == ARGUMENTS_MAX) {
                    throw new Malformed("too many arguments in a line");
                }
                out.add(line.substring(at, end));
            }
            at = end + 1;
        }
        return out;
    }

    /// The argument at `index`, which the rule has promised.
    public String argument(int index) throws Malformed {
        List<String> all = arguments();
        if (index >= all.size()) {
            throw new Malformed("an argument is missing");
        }
        return all.get(index);
    }

    /// Its object, which has to be of that type; not to be changed.
    public byte[] objectOf(String type) throws Malformed {
        if (object == null || !type.equals(objectType)) {
            throw new Malformed("an object is missing or of another type");
        }
        return object;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
