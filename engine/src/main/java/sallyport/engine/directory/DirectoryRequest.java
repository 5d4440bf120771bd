package sallyport.engine.directory;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.0 request to a directory.
///
/// @param headers beyond Host, Accept-Encoding and Content-Length
/// @param body what to POST; null for a GET
/// @param bodyBytesMax the longest answer to take, after decompression
/// @param source the address to connect from; null leaves it to the system
@SuppressWarnings("ArrayRecordComponent")
public record DirectoryRequest(
        String path,
        Map<String, String> headers,
        byte @Nullable [] body,
        int bodyBytesMax,
        @Nullable InetAddress source) {
    public DirectoryRequest {
        headers = Map.copyOf(headers);
    }

    public static DirectoryRequest get(String path, int bodyBytesMax) {
        return new DirectoryRequest(path, Map.of(), null, bodyBytesMax, null);
    }
}
