package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.crypto.Hashes;

/// Writes a document of a relay of ours: lines ended by LF, objects, and at the end both signatures
/// (dir-spec "Signing documents").
final class SignedText {
    // dir-spec "router-sig-ed25519": the prefix of the hash, without a terminating zero.
    private static final byte[] PREFIX = "Tor router descriptor signature v1".getBytes(StandardCharsets.US_ASCII);

    private final StringBuilder text = new StringBuilder(4096);

    /// @throws IllegalArgumentException for a line that would be two
    SignedText line(String line) {
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("a line break within a line of a document");
        }
        text.append(line).append('\n');
        return this;
    }

    SignedText object(String label, byte[] content) {
        text.append("-----BEGIN ").append(label).append("-----\n");
        text.append(Base64Text.wrapped(content));
        text.append("-----END ").append(label).append("-----\n");
        return this;
    }

    /// Adds both signatures. The document is finished afterwards.
    Signed sign(DocumentSigner signer) {
        text.append("router-sig-ed25519 ");
        text.append(Base64Text.unpadded(signer.edSign(Hashes.sha256(PREFIX, bytes()))));
        text.append("\nrouter-signature\n");
        byte[] digest = Hashes.sha1(bytes());
        object("SIGNATURE", signer.rsaSign(digest));
        return new Signed(bytes(), digest);
    }

    /// @param document the whole text
    /// @param digest SHA-1 of what the RSA identity signed
    record Signed(byte[] document, byte[] digest) {}

    private byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
