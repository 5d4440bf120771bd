package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;

/// Descriptors as onion services publish them, honest until told otherwise. It is its own builder.
public record OnionDescriptorText(
        byte[] blindedSecret, String version, String lifetime, String revision, int sealedBytes, int certType) {
    private static final Duration CERT_LIFETIME = Duration.ofHours(54);

    /// Of the service with that blinded key's expanded secret.
    public static OnionDescriptorText of(byte[] blindedSecret) {
        return new OnionDescriptorText(blindedSecret, "3", "180", "42", 9000, EdCert.ONION_DESCRIPTOR_SIGNING);
    }

    public OnionDescriptorText withVersion(String text) {
        return new OnionDescriptorText(blindedSecret, text, lifetime, revision, sealedBytes, certType);
    }

    public OnionDescriptorText withLifetime(String minutes) {
        return new OnionDescriptorText(blindedSecret, version, minutes, revision, sealedBytes, certType);
    }

    public OnionDescriptorText withRevision(String counter) {
        return new OnionDescriptorText(blindedSecret, version, lifetime, counter, sealedBytes, certType);
    }

    public OnionDescriptorText withSealed(int bytes) {
        return new OnionDescriptorText(blindedSecret, version, lifetime, revision, bytes, certType);
    }

    public OnionDescriptorText withCertType(int type) {
        return new OnionDescriptorText(blindedSecret, version, lifetime, revision, sealedBytes, type);
    }

    /// The text, signed now.
    public byte[] signed(Instant now) {
        return sign(unsigned(now));
    }

    /// All before the signature.
    String unsigned(Instant now) {
        byte[] cert = EdCert.encodeAndSign(
                certType,
                now.plus(CERT_LIFETIME),
                EdCert.KEY_ED25519,
                Ed25519.publicKey(signingSecret()),
                blindedSecret,
                true);
        return "hs-descriptor " + version + "\ndescriptor-lifetime " + lifetime
                + "\ndescriptor-signing-key-cert\n-----BEGIN ED25519 CERT-----\n" + Base64Text.wrapped(cert)
                + "-----END ED25519 CERT-----\nrevision-counter " + revision
                + "\nsuperencrypted\n-----BEGIN MESSAGE-----\n" + Base64Text.wrapped(new byte[sealedBytes])
                + "-----END MESSAGE-----\n";
    }

    static byte[] sign(String unsigned) {
        byte[] text = unsigned.getBytes(StandardCharsets.ISO_8859_1);
        byte[] signature = Ed25519.sign(
                signingSecret(),
                new Writer()
                        .ascii("Tor onion service descriptor sig v3")
                        .bytes(text)
                        .toBytes());
        return (unsigned + "signature " + Base64Text.unpadded(signature) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] signingSecret() {
        return Ed25519.expand(new byte[32]);
    }
}
