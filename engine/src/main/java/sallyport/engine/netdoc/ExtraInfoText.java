package sallyport.engine.netdoc;

import java.time.Instant;
import java.util.List;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;

/// What an extra-info document of ours says (dir-spec "Extra-info document format").
/// @param published the same moment as the descriptor's
/// @param lines histories and statistics, as they are
public record ExtraInfoText(
        String nickname, byte[] rsaDigest, byte[] signingCert, Instant published, List<String> lines) {
    /// The signed document and its two digests, as the descriptor names them.
    /// @param sha1 over the part that was signed
    /// @param sha256 over the whole document
    public record Document(byte[] bytes, byte[] sha1, byte[] sha256) {}

    public Document signed(DocumentSigner signer) {
        SignedText text = new SignedText()
                .line("extra-info " + nickname + " " + Hex.upper(rsaDigest))
                .line("identity-ed25519")
                .object("ED25519 CERT", signingCert)
                .line("published " + Times.text(published));
        lines.forEach(text::line);
        SignedText.Signed signed = text.sign(signer);
        return new Document(signed.document(), signed.digest(), Hashes.sha256(signed.document()));
    }
}
