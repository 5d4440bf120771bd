package sallyport.engine.directory;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answer, decompressed.
///
/// @param status 100 to 999
/// @param reason the words of the status line, printable ASCII, at most [Http#REASON_CHARS_MAX]
/// @param headers by lower-case name
@SuppressWarnings("ArrayRecordComponent")
public record DirectoryResponse(int status, String reason, Map<String, String> headers, byte[] body) {
    public DirectoryResponse {
        headers = Map.copyOf(headers);
    }

    /// @param name in lower case
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
