package sallyport.lab.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// What a client knows of a relay, from its descriptor.
///
/// @param rsaId 20 bytes
/// @param ed25519 32 bytes
/// @param onionKey the ntor onion key, 32 bytes
public record RelayFacts(InetSocketAddress address, byte[] rsaId, byte[] ed25519, byte[] onionKey) {

    /// Reads a server descriptor (dir-spec section 2.1.1), believing every word of it.
    public static RelayFacts ofDescriptor(String text) throws IOException {
        String[] router = words(text, "router");
        return new RelayFacts(
                new InetSocketAddress(InetAddress.ofLiteral(router[2]), Integer.parseInt(router[3])),
                HexFormat.of().parseHex(String.join("", Arrays.copyOfRange(words(text, "fingerprint"), 1, 11))),
                base64(words(text, "master-key-ed25519")[1]),
                base64(words(text, "ntor-onion-key")[1]));
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text.replace("=", ""));
    }

    private static String[] words(String text, String keyword) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(keyword + " "))
                .findFirst()
                .orElseThrow(() -> new IOException("a descriptor without " + keyword))
                .split(" ", -1);
    }
}
