package sallyport.engine.dirserver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import sallyport.engine.compress.Compression;

/// What a handler answers.
public sealed interface DirAnswer {
    /// No `Content-Length` is said.
    long LENGTH_UNKNOWN = -1;

    /// A status without a body, as C tor answers all that is no document.
    ///
    /// @param reason constant words of ours, ASCII
    /// @param headers whole lines beyond the date, without line ends
    record Status(int status, String reason, List<String> headers) implements DirAnswer {
        public Status {
            headers = List.copyOf(headers);
        }

        public Status(int status, String reason) {
            this(status, reason, List.of());
        }
    }

    /// 200 with a document.
    ///
    /// @param lengthBytes of the body as it is sent, or [#LENGTH_UNKNOWN]
    /// @param cacheSeconds how long others may keep it: `Expires`; 0 says that they must not
    /// @param headers whole lines beyond the usual ones, without line ends
    record Document(
            String contentType,
            Compression encoding,
            long lengthBytes,
            long cacheSeconds,
            List<String> headers,
            DirBody body)
            implements DirAnswer {
        public Document {
            headers = List.copyOf(headers);
        }
    }

    Status NOT_FOUND = new Status(404, "Not found");
    Status NOT_MODIFIED = new Status(304, "Not modified");
    /// A path that does not say which consensus.
    Status UNREADABLE = new Status(404, "Couldn't parse request");
    /// A consensus that the client would not trust.
    Status TOO_FEW_SIGNERS = new Status(404, "Consensus not signed by sufficient number of requested authorities");
    Status BAD_REQUEST = new Status(400, "Bad request");
    Status BUSY = new Status(503, "Directory busy, try again later");

    /// A text of ours, as it is.
    static Document text(String text, long cacheSeconds) {
        return bytes(text.getBytes(StandardCharsets.US_ASCII), cacheSeconds);
    }

    /// A document as it is; the array is kept.
    static Document bytes(byte[] text, long cacheSeconds) {
        return new Document(
                "text/plain", Compression.IDENTITY, text.length, cacheSeconds, List.of(), new BytesBody(List.of(text)));
    }
}
