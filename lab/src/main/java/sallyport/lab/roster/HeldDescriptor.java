package sallyport.lab.roster;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.lab.vote.RelayDescriptor;

/// A relay's descriptor with everything that an authority looks at (dir-spec 2.1.1), all signatures and
/// cross-certificates verified.
///
/// @param identityKey PKCS#1
/// @param signingCertificate of its Ed25519 identity, whole
/// @param certificatesExpire the first of signing certificate and ntor cross-certificate to do so
/// @param platform `<unknown>` where it names none
/// @param contact null where it names none
/// @param offered in bytes per second: rate, burst and what it has carried
/// @param policyLines as they stand there
/// @param servesDirectory by BEGIN_DIR or a DirPort
/// @param extraInfoSha1 null where it names none
/// @param extraInfoSha256 null where it names none
@SuppressWarnings("ArrayRecordComponent")
public record HeldDescriptor(
        RelayDescriptor relay,
        byte[] identityKey,
        byte[] signingCertificate,
        Instant certificatesExpire,
        String platform,
        @Nullable String contact,
        long uptimeSeconds,
        boolean hibernating,
        Offered offered,
        List<String> policyLines,
        boolean wantsHsDir,
        boolean servesDirectory,
        byte @Nullable [] extraInfoSha1,
        byte @Nullable [] extraInfoSha256) {

    /// The three numbers of the `bandwidth` line.
    public record Offered(long rate, long burst, long observed) {}

    /// 40 upper-case hex digits.
    public String fingerprint() {
        return Hex.upper(relay.verified().rsaDigest());
    }

    /// How votes name it: 40 upper-case hex digits.
    public String digest() {
        return Hex.upper(relay.verified().digest());
    }

    public Instant published() {
        return relay.verified().published();
    }

    /// Its text, without annotations; not to be changed.
    public byte[] text() {
        return relay.verified().encoded();
    }

    boolean sameOrAddresses(HeldDescriptor other) {
        return relay.verified().orAddresses().equals(other.relay.verified().orAddresses());
    }
}
