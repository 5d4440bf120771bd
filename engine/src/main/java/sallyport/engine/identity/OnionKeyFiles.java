package sallyport.engine.identity;

import java.security.interfaces.RSAPrivateCrtKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Entropy;

/// The onion keys of one instance and the time of their last rotation, as the files hold them.
/// @param tap the RSA key that only fills two lines of the descriptor
/// @param keys the ntor keys
/// @param rotated when the current ones were made
record OnionKeyFiles(RSAPrivateCrtKey tap, OnionKeys keys, Instant rotated) {
    private static final String NTOR = "c25519v1";
    private static final String STATE_KEY = "LastRotatedOnionKey ";
    private static final DateTimeFormatter STATE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// Loads what is there and makes what is missing. Call while holding the instance's lock file.
    /// @param relay the instance's own directory, where C tor's `state` would be
    static OnionKeyFiles load(KeyFiles files, KeyFiles relay, Entropy entropy, Instant now) throws KeyFileException {
        Optional<RSAPrivateCrtKey> tap = files.readRsa(KeyFiles.TAP_ONION);
        NtorKeyPair ntor = readNtor(files, KeyFiles.NTOR_ONION);
        NtorKeyPair previous = readNtor(files, KeyFiles.NTOR_ONION_OLD);
        Instant rotated = readRotated(relay);
        if (rotated == null || rotated.isAfter(now)) {
            rotated = now.truncatedTo(ChronoUnit.SECONDS);
            writeRotated(relay, rotated);
        }
        RSAPrivateCrtKey tapKey = tap.isPresent() ? tap.get() : writeTap(files, entropy);
        if (ntor == null) {
            ntor = NtorKeyPair.fromRandom(entropy.secret(Curve25519.LENGTH));
            writeNtor(files, KeyFiles.NTOR_ONION, ntor);
        }
        return new OnionKeyFiles(tapKey, new OnionKeys(ntor, previous), rotated);
    }

    /// New keys; those of now become the previous ones. The time is written before the keys: were the process to end
    /// in
    /// between, the present keys would only live longer. The other way round a key could be replaced before clients
    /// ever heard of it, and with it the published one would be lost.
    OnionKeyFiles rotate(KeyFiles files, KeyFiles relay, Entropy entropy, Instant now) throws KeyFileException {
        Instant rotation = now.truncatedTo(ChronoUnit.SECONDS);
        NtorKeyPair fresh = NtorKeyPair.fromRandom(entropy.secret(Curve25519.LENGTH));
        files.writeRsa(KeyFiles.TAP_ONION_OLD, tap);
        writeNtor(files, KeyFiles.NTOR_ONION_OLD, keys.current());
        writeRotated(relay, rotation);
        RSAPrivateCrtKey freshTap = writeTap(files, entropy);
        writeNtor(files, KeyFiles.NTOR_ONION, fresh);
        return new OnionKeyFiles(freshTap, new OnionKeys(fresh, keys.current()), rotation);
    }

    /// Gives the previous keys up.
    OnionKeyFiles withoutPrevious(KeyFiles files) throws KeyFileException {
        files.delete(KeyFiles.TAP_ONION_OLD);
        files.delete(KeyFiles.NTOR_ONION_OLD);
        return new OnionKeyFiles(tap, new OnionKeys(keys.current(), null), rotated);
    }

    boolean isOlderThan(int days, Instant now) {
        return !rotated.plus(Duration.ofDays(days)).isAfter(now);
    }

    @Override
    public String toString() {
        return "OnionKeyFiles[rotated " + rotated + "]";
    }

    private static @Nullable NtorKeyPair readNtor(KeyFiles files, String file) throws KeyFileException {
        Optional<byte[]> content = files.readTagged(file, NTOR, "onion", 2 * Curve25519.LENGTH);
        if (content.isEmpty()) {
            return null;
        }
        byte[] secret = Arrays.copyOf(content.get(), Curve25519.LENGTH);
        byte[] publicKey = Arrays.copyOfRange(content.get(), Curve25519.LENGTH, 2 * Curve25519.LENGTH);
        if (!Arrays.equals(Curve25519.publicKey(secret), publicKey)) {
            throw files.fault(file, "holds a public key that is not its secret key's");
        }
        return new NtorKeyPair(secret, publicKey);
    }

    private static void writeNtor(KeyFiles files, String file, NtorKeyPair pair) throws KeyFileException {
        files.writeTagged(
                file,
                NTOR,
                "onion",
                new Writer().bytes(pair.secret()).bytes(pair.publicKey()).toBytes());
    }

    private static RSAPrivateCrtKey writeTap(KeyFiles files, Entropy entropy) throws KeyFileException {
        RSAPrivateCrtKey key = entropy.rsaKey(Rsa.IDENTITY_BITS);
        files.writeRsa(KeyFiles.TAP_ONION, key);
        return key;
    }

    private static @Nullable Instant readRotated(KeyFiles relay) throws KeyFileException {
        for (String line : StateFile.lines(relay)) {
            if (line.startsWith(STATE_KEY)) {
                try {
                    String text = line.substring(STATE_KEY.length()).strip();
                    return LocalDateTime.parse(text, STATE_TIME).toInstant(ZoneOffset.UTC);
                } catch (DateTimeException e) {
                    return null;
                }
            }
        }
        return null;
    }

    /// Other lines of the file, as C tor leaves them, stay.
    private static void writeRotated(KeyFiles relay, Instant rotated) throws KeyFileException {
        StateFile.replace(relay, List.of(STATE_KEY), List.of(STATE_KEY + STATE_TIME.format(rotated)));
    }
}
