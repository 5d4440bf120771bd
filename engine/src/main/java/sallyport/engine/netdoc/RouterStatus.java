package sallyport.engine.netdoc;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// One relay's entry in a consensus (dir-spec 3.4.1, "r" and what follows it). Kept small: there are
/// thousands.
public final class RouterStatus {
    static final int ID_BYTES = 20;

    private final byte[] identityThenDocument;
    private final String nickname;
    private final List<RelayAddress> orAddresses;
    private final Set<String> flags;
    private final int bandwidthKb;
    private final ProtocolVersions protocols;

    /// Takes the array: 20 bytes of identity, then the digest of its descriptor (20) or microdescriptor
    /// (32, or absent).
    public RouterStatus(
            byte[] identityThenDocument,
            String nickname,
            List<RelayAddress> orAddresses,
            Set<String> flags,
            int bandwidthKb,
            ProtocolVersions protocols) {
        this.identityThenDocument = identityThenDocument;
        this.nickname = nickname;
        this.orAddresses = orAddresses;
        this.flags = flags;
        this.bandwidthKb = bandwidthKb;
        this.protocols = protocols;
    }

    /// SHA-1 of the RSA identity, 20 bytes.
    public byte[] rsaDigest() {
        return Arrays.copyOf(identityThenDocument, ID_BYTES);
    }

    /// Digest of its server descriptor (SHA-1, flavor ns) or microdescriptor (SHA-256); null where none
    /// is listed.
    public byte @Nullable [] documentDigest() {
        return identityThenDocument.length == ID_BYTES
                ? null
                : Arrays.copyOfRange(identityThenDocument, ID_BYTES, identityThenDocument.length);
    }

    public String nickname() {
        return nickname;
    }

    /// IPv4 first; at most one IPv6 address follows.
    public List<RelayAddress> orAddresses() {
        return orAddresses;
    }

    /// As voted: `Running`, `Valid`, `Exit`, ...
    public Set<String> flags() {
        return flags;
    }

    /// Weight in kB/s; 0 where the consensus names none.
    public int bandwidthKb() {
        return bandwidthKb;
    }

    /// What it speaks.
    public ProtocolVersions protocols() {
        return protocols;
    }

    /// Orders by identity, bytes unsigned, as the consensus does.
    public int compareIdentity(byte[] rsaDigest) {
        return Arrays.compareUnsigned(identityThenDocument, 0, ID_BYTES, rsaDigest, 0, ID_BYTES);
    }

    /// Copies the identity without an allocation.
    public void copyIdentity(byte[] out, int offset) {
        System.arraycopy(identityThenDocument, 0, out, offset, ID_BYTES);
    }
}
