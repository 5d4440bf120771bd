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

/// Both identities and the signing key, as the files hold them. The master secret is read to sign with it and wiped;
/// it
/// never stays in memory.
/// @param rsa the RSA identity
/// @param identity the public half of both
/// @param signingSecret expanded, 64 bytes
/// @param signingCert CERTS type 4, carrying the identity
record IdentityKeys(RSAPrivateCrtKey rsa, RelayIdentity identity, byte[] signingSecret, EdCert signingCert) {
    /// C tor's SigningKeyLifetime and TestingSigningKeySlop.
    static final Duration SIGNING_LIFETIME = Duration.ofDays(30);

    static final Duration SIGNING_SLOP = Duration.ofDays(1);

    private static final String SECRET = "ed25519v1-secret";
    private static final String PUBLIC = "ed25519v1-public";
    private static final String CERT = "ed25519v1-cert";
    private static final int CERT_LENGTH = 140;

    /// Loads what is there, makes what is missing and renews a signing key that ends within a day. Call while holding
    /// the
    /// instance's lock file.
    static IdentityKeys load(KeyFiles files, Entropy entropy, Instant now) throws KeyFileException {
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
        RSAPrivateCrtKey identity = rsa.isPresent() ? rsa.get() : createRsa(files);
        try {
            if (!master.exists()) {
                master = MasterKey.create(files, entropy);
            } else {
                master.writePublicIfMissing(files);
            }
            return withSigningKey(files, entropy, now, identity, master);
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
            KeyFiles files, Entropy entropy, Instant now, RSAPrivateCrtKey rsa, MasterKey master)
            throws KeyFileException {
        byte[] secret = readSigningSecret(files);
        EdCert cert = readSigningCert(files, master.publicKey());
        boolean together =
                secret != null && cert != null && Arrays.equals(Ed25519.publicKey(secret), cert.certifiedKey());
        if (master.hasSecret() && (!together || endsSoon(cert, now))) {
            secret = Ed25519.expand(entropy.secret(32));
            cert = issue(master, secret, now);
            files.writeTagged(KeyFiles.SIGNING_SECRET, SECRET, "type4", secret);
            files.writeTagged(KeyFiles.SIGNING_CERT, CERT, "type4", cert.encoded());
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

    private static EdCert issue(MasterKey master, byte[] signingSecret, Instant now) {
        byte[] encoded = EdCert.encodeAndSign(
                EdCert.IDENTITY_SIGNING,
                now.plus(SIGNING_LIFETIME),
                EdCert.KEY_ED25519,
                Ed25519.publicKey(signingSecret),
                master.secret(),
                true);
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

    private static @Nullable EdCert readCert(KeyFiles files) throws KeyFileException {
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

    private static RSAPrivateCrtKey createRsa(KeyFiles files) throws KeyFileException {
        RSAPrivateCrtKey key = Rsa.generate(Rsa.IDENTITY_BITS);
        files.writeRsa(KeyFiles.RSA_IDENTITY, key);
        return key;
    }

    /// The Ed25519 master identity: its secret may live elsewhere.
    private record MasterKey(byte[] publicKey, byte[] secret, boolean publicFileMissing, boolean encrypted) {
        private static final byte[] NONE = {};

        static MasterKey read(KeyFiles files) throws KeyFileException {
            byte[] secret = files.readTagged(KeyFiles.MASTER_SECRET, SECRET, "type0", Ed25519.SECRET_LENGTH)
                    .orElse(NONE);
            byte[] stated = files.readTagged(KeyFiles.MASTER_PUBLIC, PUBLIC, "type0", Ed25519.PUBLIC_LENGTH)
                    .orElse(NONE);
            boolean encrypted = files.exists(KeyFiles.MASTER_ENCRYPTED);
            byte[] derived = secret.length == 0 ? NONE : Ed25519.publicKey(secret);
            if (derived.length != 0 && stated.length != 0 && !Arrays.equals(derived, stated)) {
                throw files.fault(
                        KeyFiles.MASTER_PUBLIC,
                        "does not belong to ed25519_master_id_secret_key; files of two relays were mixed up");
            }
            if (stated.length != 0 && !Ed25519.isValidPublicKey(stated)) {
                throw files.fault(KeyFiles.MASTER_PUBLIC, "holds no Ed25519 public key");
            }
            byte[] known = derived.length != 0 ? derived : stated;
            if (known.length == 0) {
                known = inferred(files, encrypted);
            }
            return new MasterKey(known, secret, known.length != 0 && stated.length == 0, encrypted);
        }

        static MasterKey create(KeyFiles files, Entropy entropy) throws KeyFileException {
            byte[] secret = Ed25519.expand(entropy.secret(32));
            MasterKey created = new MasterKey(Ed25519.publicKey(secret), secret, true, false);
            files.writeTagged(KeyFiles.MASTER_SECRET, SECRET, "type0", secret);
            created.writePublicIfMissing(files);
            return created;
        }

        boolean exists() {
            return publicKey.length != 0;
        }

        boolean hasSecret() {
            return secret.length != 0;
        }

        void writePublicIfMissing(KeyFiles files) throws KeyFileException {
            if (publicFileMissing) {
                files.writeTagged(KeyFiles.MASTER_PUBLIC, PUBLIC, "type0", publicKey);
            }
        }

        String whyNoSecret() {
            return encrypted
                    ? "the master secret is encrypted, which Sallyport cannot read: make a signing key with"
                            + " `tor --keygen` and copy ed25519_signing_secret_key and ed25519_signing_cert here"
                    : "the master secret is not here: make a signing key where it is, with `tor --keygen`,"
                            + " and copy ed25519_signing_secret_key and ed25519_signing_cert here";
        }

        void wipe() {
            Arrays.fill(secret, (byte) 0);
        }

        /// With neither half at hand, the signing certificate still names the identity.
        private static byte[] inferred(KeyFiles files, boolean encrypted) throws KeyFileException {
            EdCert cert = readCert(files);
            if (cert != null && cert.signingKey() != null) {
                return cert.signingKey();
            }
            if (encrypted) {
                throw files.fault(
                        KeyFiles.MASTER_ENCRYPTED,
                        "is encrypted, which Sallyport cannot read, and there is neither a public key nor a signing"
                                + " certificate beside it; make them with `tor --keygen`");
            }
            if (files.exists(KeyFiles.SIGNING_SECRET)) {
                throw files.fault(
                        KeyFiles.SIGNING_SECRET,
                        "is there without the master identity key and without ed25519_signing_cert; bring them back"
                                + " from the backup, or move this file away to make a new relay");
            }
            return NONE;
        }
    }
}
