package sallyport.engine.identity;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Storage;

/// What the files of a relay's keys hold, looked at without making, renewing or writing anything.
///
/// @param signingKeyExpires when the certificate of the signing key ends
/// @param canRenew whether the master secret is there in the clear, so that the relay renews it by itself
public record FoundKeys(RelayIdentity identity, Instant signingKeyExpires, boolean canRenew) {
    /// Empty where the directory holds no key of an identity.
    ///
    /// @param directory `relays/ID/keys`
    /// @throws KeyFileException names the file that is missing or cannot be used
    public static Optional<FoundKeys> in(Storage storage, String directory) throws KeyFileException {
        boolean none = List.of(
                        KeyFiles.RSA_IDENTITY,
                        KeyFiles.MASTER_SECRET,
                        KeyFiles.MASTER_ENCRYPTED,
                        KeyFiles.MASTER_PUBLIC)
                .stream()
                .noneMatch(file -> storage.exists(directory + "/" + file));
        if (none) {
            return Optional.empty();
        }
        KeyFiles files = new KeyFiles(new ReadOnly(storage), directory);
        // At the beginning of time no signing key is about to end, so none is renewed.
        IdentityKeys keys = IdentityKeys.load(files, new NoEntropy(), Instant.EPOCH, Duration.ofDays(1));
        return Optional.of(new FoundKeys(
                keys.identity(),
                keys.signingCert().expires(),
                storage.exists(directory + "/" + KeyFiles.MASTER_SECRET)));
    }

    /// Keys that would have to be made are missing.
    private record ReadOnly(Storage storage) implements Storage {
        private static final String REFUSED = "is missing or incomplete, and looking makes nothing";

        @Override
        public Optional<byte[]> read(String name, int maxBytes) throws IOException {
            return storage.read(name, maxBytes);
        }

        @Override
        public void write(String name, byte[] content) throws IOException {
            throw new IOException(REFUSED);
        }

        @Override
        public void delete(String name) throws IOException {
            throw new IOException(REFUSED);
        }

        @Override
        public boolean exists(String name) {
            return storage.exists(name);
        }

        @Override
        public long bytes(String name) throws IOException {
            return storage.bytes(name);
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return storage.list(directory);
        }

        @Override
        public <T> T locked(String name, Locked<T> body) throws IOException {
            return storage.locked(name, body);
        }

        @Override
        public String describe(String name) {
            return storage.describe(name);
        }
    }

    /// What is drawn here is never kept: writing it is refused.
    private static final class NoEntropy implements Entropy {
        @Override
        public void secret(byte[] out, int offset, int length) {}

        @Override
        public void padding(byte[] out, int offset, int length) {}

        @Override
        public long jitter(long bound) {
            return 0;
        }
    }
}
