package sallyport.engine.dirserver;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;

/// The head of an answer, header for header as C tor 0.4.9 writes it.
final class AnswerHead {
    private AnswerHead() {}

    /// @param toldAddress the client's address as it is told in `X-Your-Address-Is`; null: it is not
    static byte[] of(DirAnswer answer, Instant now, byte @Nullable [] toldAddress) {
        StringBuilder head = new StringBuilder("HTTP/1.0 ");
        switch (answer) {
            case DirAnswer.Status(int status, String reason, List<String> headers) -> {
                line(head, status + " " + reason);
                line(head, "Date: " + HttpDates.format(now));
                headers.forEach(header -> line(head, header));
            }
            case DirAnswer.Document document -> {
                line(head, "200 OK");
                line(head, "Date: " + HttpDates.format(now));
                line(head, "Content-Type: " + document.contentType());
                if (toldAddress != null) {
                    line(head, "X-Your-Address-Is: " + text(toldAddress));
                }
                line(head, "Content-Encoding: " + document.encoding().word());
                if (document.lengthBytes() != DirAnswer.LENGTH_UNKNOWN) {
                    line(head, "Content-Length: " + document.lengthBytes());
                }
                line(
                        head,
                        document.cacheSeconds() > 0
                                ? "Expires: " + HttpDates.format(now.plusSeconds(document.cacheSeconds()))
                                : "Pragma: no-cache");
                document.headers().forEach(header -> line(head, header));
            }
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void line(StringBuilder head, String line) {
        head.append(line).append("\r\n");
    }

    /// Without brackets.
    private static String text(byte[] ip) {
        String text = Ip.format(ip);
        return ip.length == 4 ? text : text.substring(1, text.length() - 1);
    }
}
