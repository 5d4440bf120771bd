package sallyport.engine.link;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One line of a TLS key log: `LABEL CLIENT_RANDOM SECRET`, both in hexadecimal. It is taken apart as bytes, so
/// that no secret ends in a string.
final class KeyLogLine {
    private static final byte[] LABEL = "EXPORTER_SECRET ".getBytes(StandardCharsets.US_ASCII);

    private KeyLogLine() {}

    /// The secret of a line with the label `EXPORTER_SECRET`; null for every other line.
    static byte @Nullable [] exporterSecret(byte[] line) {
        for (int i = 0; i < LABEL.length; i++) {
            if (i >= line.length || line[i] != LABEL[i]) {
                return null;
            }
        }
        int at = LABEL.length;
        while (at < line.length && line[at] != ' ') {
            at++;
        }
        at++;
        int end = line.length;
        while (end > at && Character.digit(line[end - 1], 16) < 0) {
            end--;
        }
        byte[] secret = new byte[Math.max(0, (end - at) / 2)];
        for (int i = 0; i < secret.length; i++) {
            int high = Character.digit(line[at + 2 * i], 16);
            int low = Character.digit(line[at + 2 * i + 1], 16);
            if (high < 0 || low < 0) {
                return null;
            }
            secret[i] = (byte) (high << 4 | low);
        }
        return secret.length == 0 ? null : secret;
    }
}
