package sallyport.engine.identity;

import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.world.Entropy;

/// The Ed25519 master identity, as its files hold it. The secret may live elsewhere, or encrypted.
/// @param secret expanded, 64 bytes; none when it is not at hand
/// @param publicFileMissing whether the file of the public half is yet to be written
/// @param encrypted whether a file holds the secret that a passphrase opens
record MasterKey(byte[] publicKey, byte[] secret, boolean publicFileMissing, boolean encrypted) {
    private static final String SECRET = "ed25519v1-secret";
    private static final String PUBLIC = "ed25519v1-public";
    private static final String BOX = "Boxed Ed25519 key";
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

    /// The public half alone, as far as its file is there, beside an encrypted secret.
    static MasterKey readPublic(KeyFiles files) throws KeyFileException {
        byte[] stated = files.readTagged(KeyFiles.MASTER_PUBLIC, PUBLIC, "type0", Ed25519.PUBLIC_LENGTH)
                .orElse(NONE);
        return new MasterKey(stated, NONE, stated.length == 0, true);
    }

    static MasterKey create(KeyFiles files, Entropy entropy) throws KeyFileException {
        byte[] secret = Ed25519.expand(entropy.secret(32));
        MasterKey created = new MasterKey(Ed25519.publicKey(secret), secret, true, false);
        files.writeTagged(KeyFiles.MASTER_SECRET, SECRET, "type0", secret);
        created.writePublicIfMissing(files);
        return created;
    }

    /// The same with the secret that the encrypted file holds.
    MasterKey decrypted(KeyFiles files, byte[] passphrase) throws KeyFileException {
        byte[] box = files.readTagged(KeyFiles.MASTER_ENCRYPTED, BOX, "master")
                .orElseThrow(() -> files.fault(KeyFiles.MASTER_ENCRYPTED, "is missing"));
        try {
            byte[] opened = PassphraseBox.open(box, passphrase)
                    .orElseThrow(() ->
                            files.fault(KeyFiles.MASTER_ENCRYPTED, "is not opened by this passphrase, or was changed"));
            if (opened.length != Ed25519.SECRET_LENGTH) {
                throw files.fault(KeyFiles.MASTER_ENCRYPTED, "holds something of another length");
            }
            byte[] derived = Ed25519.publicKey(opened);
            if (exists() && !Arrays.equals(derived, publicKey)) {
                throw files.fault(KeyFiles.MASTER_ENCRYPTED, "is another relay's; files of two relays were mixed up");
            }
            return new MasterKey(derived, opened, publicFileMissing || !exists(), true);
        } catch (Malformed e) {
            throw files.fault(KeyFiles.MASTER_ENCRYPTED, String.valueOf(e.getMessage()));
        }
    }

    /// A new identity whose secret only a passphrase opens.
    static MasterKey createEncrypted(KeyFiles files, Entropy entropy, byte[] passphrase, boolean portable)
            throws KeyFileException {
        byte[] secret = Ed25519.expand(entropy.secret(32));
        MasterKey created = new MasterKey(Ed25519.publicKey(secret), secret, true, true);
        files.writeTagged(
                KeyFiles.MASTER_ENCRYPTED, BOX, "master", PassphraseBox.seal(secret, passphrase, portable, entropy));
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
        return (encrypted ? "the master secret is encrypted" : "the master secret is not here")
                + ": make a signing key where it is, with `sallyport identity renew` or `tor --keygen`,"
                + " and copy ed25519_signing_secret_key and ed25519_signing_cert here";
    }

    void wipe() {
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "MasterKey[encrypted=" + encrypted + "]";
    }

    /// With neither half at hand, the signing certificate still names the identity.
    private static byte[] inferred(KeyFiles files, boolean encrypted) throws KeyFileException {
        EdCert cert = IdentityKeys.readCert(files);
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
