package sallyport.lab.authority;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.world.Storage;
import sallyport.lab.vote.VotingKeys;

/// The keys of an authority under C tor's names and in its forms, so that either program takes over from
/// the other. A file that is there and cannot be used is never overwritten.
///
/// The identity is kept as it is, for private networks; where it is missing, or encrypted as tor-gencert
/// writes it, the authority runs all the same, but nobody renews its certificate.
public final class AuthorityKeyFiles {
    /// RSA, with which certificates are made.
    public static final String IDENTITY = "authority_identity_key";
    /// RSA, with which votes are signed.
    public static final String SIGNING = "authority_signing_key";
    /// Of that key by that identity.
    public static final String CERTIFICATE = "authority_certificate";

    // Ours: the longest, a certificate of two keys of 8192 bits, is 7 kB.
    private static final int FILE_BYTES_MAX = 32 * 1024;
    private static final String RSA_BEGIN = "-----BEGIN RSA PRIVATE KEY-----";

    private final Storage storage;
    private final String directory;
    private final Making making;

    /// How keys are made.
    ///
    /// @param address where the authority answers HTTP
    /// @param lifetime of certificates
    /// @param rsa makes a key of so many bits
    public record Making(
            RelayAddress address,
            Duration lifetime,
            int identityBits,
            int signingBits,
            IntFunction<RSAPrivateCrtKey> rsa) {
        /// With what tor-gencert takes.
        public static Making usual(RelayAddress address, IntFunction<RSAPrivateCrtKey> rsa) {
            return new Making(address, VotingKeys.LIFETIME, VotingKeys.IDENTITY_BITS, VotingKeys.SIGNING_BITS, rsa);
        }
    }

    /// @param directory where the files are, `keys` as a rule
    public AuthorityKeyFiles(Storage storage, String directory, Making making) {
        this.storage = storage;
        this.directory = directory;
        this.making = making;
    }

    /// The keys; made where there are none, which takes a second. Where only the certificate is missing, or
    /// is of another key, because the last writing was cut short, it is made anew. To be called again every
    /// day: a certificate that comes to its end is replaced, and its signing key with it.
    ///
    /// @throws KeyFileException for a file that cannot be used, and where one is missing that only the
    /// identity could make
    public VotingKeys open(Instant now) throws KeyFileException {
        @Nullable RSAPrivateCrtKey identity = identity();
        @Nullable RSAPrivateCrtKey signing = key(SIGNING);
        @Nullable VotingKeys kept = signing == null ? null : kept(signing, identity != null);
        if (kept != null && identity != null && !isOf(kept, identity)) {
            throw fault(IDENTITY, "is not that of " + CERTIFICATE);
        }
        if (kept != null && (identity == null || !kept.isExpiring(now))) {
            return kept;
        }
        if (identity == null) {
            if (signing != null || exists(IDENTITY)) {
                throw fault(IDENTITY, "is needed to make " + (signing == null ? SIGNING : CERTIFICATE));
            }
            identity = making.rsa().apply(making.identityBits());
            write(IDENTITY, Rsa.privatePem(identity));
        }
        if (kept != null || signing == null) {
            signing = making.rsa().apply(making.signingBits());
            write(SIGNING, Rsa.privatePem(signing));
        }
        VotingKeys made = VotingKeys.certify(identity, signing, making.address(), now, making.lifetime());
        write(CERTIFICATE, new String(made.certificate(), StandardCharsets.US_ASCII));
        return made;
    }

    private static boolean isOf(VotingKeys keys, RSAPrivateCrtKey identity) {
        return keys.v3Identity().equals(Hex.upper(Hashes.sha1(Rsa.pkcs1(identity))));
    }

    /// Null where the certificate is missing or of another key and can be made anew.
    private @Nullable VotingKeys kept(RSAPrivateCrtKey signing, boolean canMake) throws KeyFileException {
        Optional<String> certificate = read(CERTIFICATE);
        if (certificate.isEmpty()) {
            return null;
        }
        try {
            return VotingKeys.of(signing, certificate.get().getBytes(StandardCharsets.ISO_8859_1));
        } catch (Malformed e) {
            if (canMake) {
                return null;
            }
            throw new KeyFileException(describe(CERTIFICATE), "is none of " + SIGNING, e);
        }
    }

    /// Null where there is none that can be read.
    private @Nullable RSAPrivateCrtKey identity() throws KeyFileException {
        Optional<String> content = read(IDENTITY);
        return content.isPresent() && content.get().contains(RSA_BEGIN) ? key(IDENTITY) : null;
    }

    private @Nullable RSAPrivateCrtKey key(String file) throws KeyFileException {
        Optional<String> content = read(file);
        if (content.isEmpty()) {
            return null;
        }
        try {
            return Rsa.readPrivatePem(content.get());
        } catch (Malformed e) {
            throw new KeyFileException(describe(file), "is no RSA key in PEM", e);
        }
    }

    private boolean exists(String file) {
        return storage.exists(directory + "/" + file);
    }

    private Optional<String> read(String file) throws KeyFileException {
        try {
            return storage.read(directory + "/" + file, FILE_BYTES_MAX)
                    .map(content -> new String(content, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new KeyFileException(describe(file), "cannot be read: " + e.getMessage(), e);
        }
    }

    private void write(String file, String content) throws KeyFileException {
        try {
            storage.write(directory + "/" + file, content.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new KeyFileException(describe(file), "cannot be written: " + e.getMessage(), e);
        }
    }

    private KeyFileException fault(String file, String reason) {
        return new KeyFileException(describe(file), reason);
    }

    private String describe(String file) {
        return storage.describe(directory + "/" + file);
    }
}
