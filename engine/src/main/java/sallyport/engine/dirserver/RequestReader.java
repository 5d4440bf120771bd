package sallyport.engine.dirserver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;

/// Gathers the bytes of one request until it is whole.
final class RequestReader {
    /// As C tor (MAX_HEADERS_SIZE).
    static final int HEAD_BYTES_MAX = 50_000;
    private static final int START_BYTES = 1024;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final String CONTENT_LENGTH = "\r\nContent-Length: ";
    private static final int LENGTH_DIGITS_MAX = 9;
    // C tor ends a word at `#` too.
    private static final Pattern REQUEST_LINE = Pattern.compile(
            "[ \\t]*[^ \\t#]+[ \\t]+(?:https?://[^/ \\t#]*(?=/))?([^ \\t#]+)[ \\t]+HTTP/1\\.[0-9]{1,9}");

    private final int bodyBytesMax;
    private byte[] bytes = new byte[START_BYTES];
    private int length;
    private int headLength;
    private int bodyLength;

    RequestReader(int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
    }

    /// Bytes of memory it takes.
    int heldBytes() {
        return bytes.length;
    }

    /// Takes bytes as they come.
    ///
    /// @return whether the request is whole; what follows it is passed over
    /// @throws Malformed beyond the limits, or with a length that is no number
    boolean take(byte[] from, int offset, int count) throws Malformed {
        int room = (headLength == 0 ? HEAD_BYTES_MAX : headLength) + bodyBytesMax - length;
        if (count > room) {
            throw new Malformed("a request too long");
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
        }
        System.arraycopy(from, offset, bytes, length, count);
        int before = length;
        length += count;
        if (headLength == 0 && !findHead(Math.max(0, before - END_OF_HEAD.length + 1))) {
            return false;
        }
        return length >= headLength + bodyLength;
    }

    /// The request, once whole; null where it is no well-formed one of a method that we know.
    @Nullable
    DirRequest request(boolean isAnonymous) {
        String head = head();
        DirRequest.Method method = method();
        Matcher line = REQUEST_LINE.matcher(head.substring(0, head.indexOf('\r')));
        if (method == null || !line.matches()) {
            return null;
        }
        byte[] body = Arrays.copyOfRange(bytes, headLength, headLength + bodyLength);
        return DirRequest.of(method, line.group(1), head, body, isAnonymous);
    }

    /// The method, as C tor looks at it: the first letters, in any case. Null for others.
    DirRequest.@Nullable Method method() {
        String head = head();
        for (DirRequest.Method method : DirRequest.Method.values()) {
            if (head.regionMatches(true, 0, method.name(), 0, method.name().length())) {
                return method;
            }
        }
        return null;
    }

    private String head() {
        return new String(bytes, 0, headLength, StandardCharsets.ISO_8859_1);
    }

    private boolean findHead(int from) throws Malformed {
        for (int i = from; i + END_OF_HEAD.length <= length; i++) {
            if (Arrays.equals(bytes, i, i + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                headLength = i + END_OF_HEAD.length;
                if (headLength >= HEAD_BYTES_MAX) {
                    throw new Malformed("a request's head too long");
                }
                bodyLength = bodyLength();
                return true;
            }
        }
        if (length > HEAD_BYTES_MAX) {
            throw new Malformed("a request's head too long");
        }
        return false;
    }

    /// Without a length the body is what has come by now (C tor).
    private int bodyLength() throws Malformed {
        String head = head();
        int at = head.indexOf(CONTENT_LENGTH);
        if (at < 0) {
            return Math.min(length - headLength, bodyBytesMax);
        }
        int start = at + CONTENT_LENGTH.length();
        String stated = head.substring(start, head.indexOf('\n', start)).strip();
        if (stated.isEmpty()
                || stated.length() > LENGTH_DIGITS_MAX
                || !stated.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Malformed("a length that is no number");
        }
        int stands = Integer.parseInt(stated);
        if (stands > bodyBytesMax) {
            throw new Malformed("a request's body too long");
        }
        return stands;
    }
}
