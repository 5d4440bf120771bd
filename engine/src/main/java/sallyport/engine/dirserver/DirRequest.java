package sallyport.engine.dirserver;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.compress.Compression;

/// One request of a client, as it came.
///
/// @param method what the path is asked for
/// @param path always begins with `/tor/`; of a GET without the `.z` that asks for zlib
/// @param head request line and headers, one character a byte
/// @param body what was posted; of a GET ignored
/// @param accepted the encodings that the client takes; identity is always one
/// @param ifModifiedSince null where it did not say, or misshapenly
/// @param isAnonymous whether relays stand between the client and us: the link belongs to a relay
@SuppressWarnings("ArrayRecordComponent")
public record DirRequest(
        Method method,
        String path,
        String head,
        byte[] body,
        Set<Compression> accepted,
        @Nullable Instant ifModifiedSince,
        boolean isAnonymous) {
    public enum Method {
        GET,
        POST
    }

    /// Where consensuses are; what follows says which.
    public static final String CONSENSUS = "/tor/status-vote/current/consensus";

    private static final String ROOT = "/tor/";
    private static final String DEFLATED = ".z";

    public DirRequest {
        accepted = Set.copyOf(accepted);
    }

    static DirRequest of(Method method, String url, String head, byte[] body, boolean isAnonymous) {
        // As C tor: what lies elsewhere is looked for below /tor/.
        String path = url.startsWith(ROOT) ? url : url.startsWith("/") ? "/tor" + url : ROOT + url;
        Set<Compression> accepted = EnumSet.of(Compression.IDENTITY);
        String encodings = header(head, "Accept-Encoding");
        if (encodings != null) {
            accepted.addAll(Compression.accepted(encodings));
        }
        if (method == Method.GET && path.length() > DEFLATED.length() && path.endsWith(DEFLATED)) {
            path = path.substring(0, path.length() - DEFLATED.length());
            accepted.add(Compression.DEFLATE);
        }
        String since = header(head, "If-Modified-Since");
        return new DirRequest(
                method, path, head, body, accepted, since == null ? null : HttpDates.parse(since), isAnonymous);
    }

    boolean isForConsensus() {
        return method == Method.GET && path.startsWith(CONSENSUS);
    }

    /// The value of the first header of that name; null where there is none. As C tor reads them: the
    /// name in any case, then a colon and one space.
    public @Nullable String header(String name) {
        return header(head, name);
    }

    private static @Nullable String header(String head, String name) {
        String start = name + ": ";
        for (int at = 0; at < head.length(); ) {
            int end = head.indexOf('\n', at);
            int next = end < 0 ? head.length() : end + 1;
            if (head.regionMatches(true, at, start, 0, start.length())) {
                String line = head.substring(at + start.length(), next);
                int stop = line.indexOf('\r');
                return stop < 0 ? line.stripTrailing() : line.substring(0, stop);
            }
            at = next;
        }
        return null;
    }
}
