package sallyport.engine.netdoc;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;

/// What a server descriptor of ours says (dir-spec "Server descriptor format"), in the order in which C tor
/// says it.
/// @param ipv6 null when the relay has no IPv6 address
/// @param proto the value of the `proto` line
/// @param published whole seconds
/// @param family fingerprints of all its members, this relay included, sorted; empty for a relay on its own
/// @param familyCerts certificates of type 0C
/// @param contact one line, or empty
/// @param policyLines `accept` and `reject` lines, at least one
/// @param ipv6Policy the value of the `ipv6-policy` line; null when no IPv6 port is accepted
/// @param isDirectoryCache whether it answers BEGIN_DIR
/// @param overloaded the hour in which it had more to do than it could; null when that was not of late
/// @param hibernating whether it accepts nothing new at the moment
public record ServerDescriptorText(
        String nickname,
        RelayAddress ipv4,
        @Nullable RelayAddress ipv6,
        int dirPort,
        String platform,
        String proto,
        Instant published,
        long uptimeSeconds,
        Bandwidth bandwidth,
        ExtraInfoText.Document extraInfo,
        Keys keys,
        Collection<String> family,
        List<byte[]> familyCerts,
        String contact,
        List<String> policyLines,
        @Nullable String ipv6Policy,
        boolean isDirectoryCache,
        @Nullable Instant overloaded,
        boolean hibernating) {
    /// All in bytes per second.
    public record Bandwidth(long rate, long burst, long observed) {}

    /// The keys a descriptor names, and what they say about each other.
    /// @param rsaIdentity PKCS#1
    /// @param signingCert type 04, carrying the Ed25519 identity
    /// @param tapOnion PKCS#1
    /// @param ntorCrossCertBit 0 or 1
    public record Keys(
            byte[] rsaIdentity,
            byte[] ed25519,
            byte[] signingCert,
            byte[] tapOnion,
            byte[] tapCrossCert,
            byte[] ntorOnion,
            int ntorCrossCertBit,
            byte[] ntorCrossCert) {}

    /// The signed document in UTF-8, with the empty line behind it that C tor writes as well.
    public byte[] signed(DocumentSigner signer) {
        SignedText text = new SignedText()
                .line("router " + nickname + " " + ipv4.host() + " " + ipv4.port() + " 0 " + dirPort)
                .line("identity-ed25519")
                .object("ED25519 CERT", keys.signingCert())
                .line("master-key-ed25519 " + Base64Text.unpadded(keys.ed25519()));
        if (ipv6 != null) {
            text.line("or-address " + ipv6);
        }
        text.line("platform " + platform)
                .line("proto " + proto)
                .line("published " + Times.text(published))
                .line("fingerprint " + grouped(Hex.upper(Hashes.sha1(keys.rsaIdentity()))))
                .line("uptime " + uptimeSeconds)
                .line("bandwidth " + bandwidth.rate() + " " + bandwidth.burst() + " " + bandwidth.observed())
                .line("extra-info-digest " + Hex.upper(extraInfo.sha1()) + " "
                        + Base64Text.unpadded(extraInfo.sha256()))
                .line("onion-key")
                .object("RSA PUBLIC KEY", keys.tapOnion())
                .line("signing-key")
                .object("RSA PUBLIC KEY", keys.rsaIdentity())
                .line("onion-key-crosscert")
                .object("CROSSCERT", keys.tapCrossCert())
                .line("ntor-onion-key-crosscert " + keys.ntorCrossCertBit())
                .object("ED25519 CERT", keys.ntorCrossCert());
        if (!family.isEmpty()) {
            text.line("family $" + String.join(" $", family));
        }
        if (hibernating) {
            text.line("hibernating 1");
        }
        text.line("hidden-service-dir");
        familyCerts.forEach(cert -> text.line("family-cert").object("FAMILY CERT", cert));
        if (!contact.isEmpty()) {
            text.line("contact " + contact);
        }
        text.line("ntor-onion-key " + Base64Text.unpadded(keys.ntorOnion()));
        policyLines.forEach(text::line);
        if (ipv6Policy != null) {
            text.line("ipv6-policy " + ipv6Policy);
        }
        if (isDirectoryCache) {
            text.line("tunnelled-dir-server");
        }
        if (overloaded != null) {
            text.line("overload-general 1 " + Times.text(overloaded));
        }
        byte[] document = text.sign(signer).document();
        byte[] withEmptyLine = java.util.Arrays.copyOf(document, document.length + 1);
        withEmptyLine[document.length] = '\n';
        return withEmptyLine;
    }

    /// Ten groups of four digits.
    private static String grouped(String hex) {
        return hex.replaceAll("(.{4})(?!$)", "$1 ");
    }
}
