package sallyport.engine.identity;

import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Entropy;

/// Both identities and the signing key, as the files hold them. The master secret is read to sign with it
/// and wiped; it never stays in memory.
/// @param rsa the RSA identity
/// @param identity the public half of both
/// @param signingSecret expanded, 64 bytes
/// @param signingCert CERTS type 4, carrying the identity
record IdentityKeys(RSAPrivateCrtKey rsa, RelayIdentity identity, byte[] signingSecret, EdCert signingCert) {
    /// C tor's default of SigningKeyLifetime, and TestingSigningKeySlop.
    static final Duration SIGNING_LIFETIME = Duration.ofDays(30);

    static final Duration SIGNING_SLOP = Duration.ofDays(1);

    private static final String SECRET = "ed25519v1-secret";
    private static final String CERT = "ed25519v1-cert";
    private static final int CERT_LENGTH = 140;

    /// Loads what is there, makes what is missing and renews a signing key that ends within a day. Call
    /// while holding the instance's lock file.
    ///
    /// @param lifetime of a new signing key
    static IdentityKeys load(KeyFiles files, Entropy entropy, Instant now, Duration lifetime) throws KeyFileException {
        Optional<RSAPrivateCrtKey> rsa = files.readRsa(KeyFiles.RSA_IDENTITY);
        MasterKey master = MasterKey.read(files);
        if (rsa.isEmpty() && master.exists()) {
            throw files.fault(
                    KeyFiles.RSA_IDENTITY,
                    "is missing, yet this relay's Ed25519 identity is there; bring it back from the backup,"
                            + " for with a new one this would be another relay");
        }
        // Every file is written before anything needs it: whatever write fails, the keys written before it stand, and
        // the next start goes on from there.
        RSAPrivateCrtKey identity = rsa.isPresent() ? rsa.get() : createRsa(files, entropy);
        try {
            if (!master.exists()) {
                master = MasterKey.create(files, entropy);
            } else {
                master.writePublicIfMissing(files);
            }
            return withSigningKey(files, entropy, now, lifetime, identity, master);
        } finally {
            master.wipe();
        }
    }

    /// Whether the signing key ends within a day.
    boolean isDue(Instant now) {
        return endsSoon(signingCert, now);
    }

    @Override
    public String toString() {
        return "IdentityKeys[" + identity.fingerprint() + "]";
    }

    private static IdentityKeys withSigningKey(
            KeyFiles files, Entropy entropy, Instant now, Duration lifetime, RSAPrivateCrtKey rsa, MasterKey master)
            throws KeyFileException {
        byte[] secret = readSigningSecret(files);
        EdCert cert = readSigningCert(files, master.publicKey());
        boolean together =
                secret != null && cert != null && Arrays.equals(Ed25519.publicKey(secret), cert.certifiedKey());
        if (master.hasSecret() && (!together || endsSoon(cert, now))) {
            secret = Ed25519.expand(entropy.secret(32));
            cert = renewSigningKey(files, master, secret, now.plus(lifetime));
        } else if (cert == null || !together) {
            throw files.fault(
                    secret == null ? KeyFiles.SIGNING_SECRET : KeyFiles.SIGNING_CERT,
                    (secret == null || cert == null ? "is missing" : "is not about ed25519_signing_secret_key")
                            + ", and a new one cannot be made, because " + master.whyNoSecret());
        } else if (now.isAfter(cert.expires())) {
            throw files.fault(
                    KeyFiles.SIGNING_CERT,
                    "expired at " + cert.expires() + ", and a new one cannot be made, because " + master.whyNoSecret());
        }
        byte[] pkcs1 = Rsa.pkcs1(rsa);
        RelayIdentity identity = new RelayIdentity(pkcs1, Hashes.sha1(pkcs1), master.publicKey());
        return new IdentityKeys(rsa, identity, Objects.requireNonNull(secret), Objects.requireNonNull(cert));
    }

    private static boolean endsSoon(@Nullable EdCert cert, Instant now) {
        return cert == null || !cert.expires().isAfter(now.plus(SIGNING_SLOP));
    }

    /// Writes a new signing key with its certificate.
    static EdCert renewSigningKey(KeyFiles files, MasterKey master, byte[] signingSecret, Instant expires)
            throws KeyFileException {
        byte[] encoded = EdCert.encodeAndSign(
                EdCert.IDENTITY_SIGNING,
                expires,
                EdCert.KEY_ED25519,
                Ed25519.publicKey(signingSecret),
                master.secret(),
                true);
        files.writeTagged(KeyFiles.SIGNING_SECRET, SECRET, "type4", signingSecret);
        files.writeTagged(KeyFiles.SIGNING_CERT, CERT, "type4", encoded);
        try {
            return EdCert.decode(encoded);
        } catch (Malformed e) {
            throw new IllegalStateException("our own certificate", e);
        }
    }

    private static byte @Nullable [] readSigningSecret(KeyFiles files) throws KeyFileException {
        return files.readTagged(KeyFiles.SIGNING_SECRET, SECRET, "type4", Ed25519.SECRET_LENGTH)
                .orElse(null);
    }

    /// Whatever its time: an old certificate is replaced, one of another relay is a fault.
    private static @Nullable EdCert readSigningCert(KeyFiles files, byte[] masterPublic) throws KeyFileException {
        EdCert cert = readCert(files);
        if (cert != null) {
            try {
                cert.verify(masterPublic, Instant.EPOCH);
            } catch (Malformed e) {
                throw files.fault(KeyFiles.SIGNING_CERT, "is not signed by this relay's master identity key");
            }
        }
        return cert;
    }

    static @Nullable EdCert readCert(KeyFiles files) throws KeyFileException {
        Optional<byte[]> encoded = files.readTagged(KeyFiles.SIGNING_CERT, CERT, "type4", CERT_LENGTH);
        if (encoded.isEmpty()) {
            return null;
        }
        try {
            EdCert cert = EdCert.decode(encoded.get());
            if (cert.certType() != EdCert.IDENTITY_SIGNING
                    || cert.keyType() != EdCert.KEY_ED25519
                    || cert.signingKey() == null) {
                throw files.fault(KeyFiles.SIGNING_CERT, "is no certificate of a signing key");
            }
            return cert;
        } catch (Malformed e) {
            throw files.fault(KeyFiles.SIGNING_CERT, String.valueOf(e.getMessage()));
        }
    }

    static RSAPrivateCrtKey createRsa(KeyFiles files, Entropy entropy) throws KeyFileException {
        RSAPrivateCrtKey key = entropy.rsaKey(Rsa.IDENTITY_BITS);
        files.writeRsa(KeyFiles.RSA_IDENTITY, key);
        return key;
    }
}
