package sallyport.engine.netdoc;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;

/// Whom to believe: the configured authorities and what they said of their signing keys.
///
/// @param testing a private network: votes may follow each other within seconds
/// @param authorities the v3 identities of all voting authorities, 40 upper-case hex digits each
/// @param certificates verified ones, in any order
public record DirectoryTrust(boolean testing, Set<String> authorities, List<AuthorityCertificate> certificates) {
    public DirectoryTrust {
        authorities = Set.copyOf(authorities);
        certificates = List.copyOf(certificates);
    }

    /// dir-spec 3.4: "more than half of the authorities"; of those configured, not of those who signed.
    public int signaturesNeeded() {
        return authorities.size() / 2 + 1;
    }

    public boolean isAuthority(byte[] v3Ident) {
        return authorities.contains(Hex.upper(v3Ident));
    }

    /// The certificate in which this identity vouches for this signing key (both SHA-1 of the key).
    public @Nullable AuthorityCertificate certificate(byte[] v3Ident, byte[] signingKeyDigest) {
        for (AuthorityCertificate certificate : certificates) {
            if (Hashes.equal(certificate.identity(), v3Ident)
                    && Hashes.equal(certificate.signingKeyDigest(), signingKeyDigest)) {
                return certificate;
            }
        }
        return null;
    }

    public DirectoryTrust with(List<AuthorityCertificate> known) {
        return new DirectoryTrust(testing, authorities, known);
    }
}
