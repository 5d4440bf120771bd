package sallyport.engine.netdoc;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;

/// What an extra-info document of ours says (dir-spec "Extra-info document format").
/// @param published the same moment as the descriptor's
/// @param periodsEnd when the newest period of the histories ended
/// @param periodSeconds how long each was
/// @param writtenBytes sums per period, oldest first; no line is written while there are none
/// @param readBytes the same for what was read
public record ExtraInfoText(
        String nickname,
        byte[] rsaDigest,
        byte[] signingCert,
        Instant published,
        Instant periodsEnd,
        int periodSeconds,
        List<Long> writtenBytes,
        List<Long> readBytes) {
    // C tor rounds "down to the nearest 1k", so that no single user's traffic can be read from the figures.
    private static final long ROUND_TO_BYTES = 1024;

    /// The signed document and its two digests, as the descriptor names them.
    /// @param sha1 over the part that was signed
    /// @param sha256 over the whole document
    public record Document(byte[] bytes, byte[] sha1, byte[] sha256) {}

    public Document signed(DocumentSigner signer) {
        SignedText text = new SignedText()
                .line("extra-info " + nickname + " " + Hex.upper(rsaDigest))
                .line("identity-ed25519")
                .object("ED25519 CERT", signingCert)
                .line("published " + SignedText.time(published));
        history(text, "write-history", writtenBytes);
        history(text, "read-history", readBytes);
        SignedText.Signed signed = text.sign(signer);
        return new Document(signed.document(), signed.digest(), Hashes.sha256(signed.document()));
    }

    private void history(SignedText text, String keyword, List<Long> bytes) {
        if (!bytes.isEmpty()) {
            String sums = bytes.stream()
                    .map(sum -> String.valueOf(sum / ROUND_TO_BYTES * ROUND_TO_BYTES))
                    .collect(Collectors.joining(","));
            text.line(keyword + " " + SignedText.time(periodsEnd) + " (" + periodSeconds + " s) " + sums);
        }
    }
}
