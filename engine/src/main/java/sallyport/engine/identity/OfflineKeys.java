package sallyport.engine.identity;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Storage;

/// What an operator does where the master secret is kept, as `tor --keygen`: make an identity, and renew
/// the signing key that its relay runs on. Blocks, for a second where a passphrase is involved.
public final class OfflineKeys {
    private static final List<String> IDENTITY_FILES = List.of(
            KeyFiles.MASTER_SECRET,
            KeyFiles.MASTER_ENCRYPTED,
            KeyFiles.MASTER_PUBLIC,
            KeyFiles.SIGNING_SECRET,
            KeyFiles.SIGNING_CERT);

    private final Storage storage;
    private final String directory;
    private final Entropy entropy;
    private final InstantSource clock;

    /// @param fingerprint 40 upper-case hex digits; empty where there is no RSA identity
    /// @param ed25519 43 characters of base64
    /// @param expires when the signing key ends
    public record Made(String fingerprint, String ed25519, Instant expires) {}

    /// @param directory of the key files, `relays/ID/keys` or any other directory within a directory
    public OfflineKeys(Storage storage, String directory, Entropy entropy, InstantSource clock) {
        this.storage = storage;
        this.directory = directory;
        this.entropy = entropy;
        this.clock = clock;
    }

    /// Makes a new identity and its first signing key.
    /// @param passphrase opens the master secret from then on; an empty one leaves it unencrypted
    /// @param portable whether a tor built without libscrypt has to open it too
    /// @throws KeyFileException when there is an identity already, or a file cannot be written
    public Made create(byte[] passphrase, boolean portable, Duration lifetime) throws KeyFileException, IOException {
        return RelayKeys.withFiles(storage, directory, files -> {
            for (String file : IDENTITY_FILES) {
                if (files.exists(file)) {
                    throw files.fault(file, "exists already; an identity is never overwritten");
                }
            }
            if (!files.exists(KeyFiles.RSA_IDENTITY)) {
                IdentityKeys.createRsa(files, entropy);
            }
            MasterKey master = passphrase.length == 0
                    ? MasterKey.create(files, entropy)
                    : MasterKey.createEncrypted(files, entropy, passphrase, portable);
            return signed(files, master, lifetime);
        });
    }

    /// Makes a new signing key.
    /// @param passphrase asked for only when the master secret is encrypted
    /// @throws KeyFileException when the master secret is not here, or the passphrase does not open it
    public Made renew(Supplier<byte[]> passphrase, Duration lifetime) throws KeyFileException, IOException {
        return RelayKeys.withFiles(storage, directory, files -> {
            if (!files.exists(KeyFiles.MASTER_SECRET) && !files.exists(KeyFiles.MASTER_ENCRYPTED)) {
                throw files.fault(KeyFiles.MASTER_SECRET, "is not here, and a signing key is made where it is");
            }
            MasterKey master = files.exists(KeyFiles.MASTER_SECRET)
                    ? MasterKey.read(files)
                    : MasterKey.readPublic(files).decrypted(files, passphrase.get());
            master.writePublicIfMissing(files);
            return signed(files, master, lifetime);
        });
    }

    private Made signed(KeyFiles files, MasterKey master, Duration lifetime) throws KeyFileException {
        try {
            Instant expires = IdentityKeys.renewSigningKey(
                            files,
                            master,
                            Ed25519.expand(entropy.secret(32)),
                            clock.instant().plus(lifetime))
                    .expires();
            String fingerprint = files.readRsa(KeyFiles.RSA_IDENTITY)
                    .map(key -> Hex.upper(Hashes.sha1(Rsa.pkcs1(key))))
                    .orElse("");
            return new Made(fingerprint, Base64Text.unpadded(master.publicKey()), expires);
        } finally {
            master.wipe();
        }
    }
}
