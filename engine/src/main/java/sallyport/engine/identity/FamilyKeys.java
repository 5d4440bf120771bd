package sallyport.engine.identity;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Storage;

/// The family keys (proposal 321) with which one relay shows that it belongs to a family. Every member
/// holds a copy of the same file `NAME.secret_family_key`, in C tor's format. Immutable; shows no secret.
public final class FamilyKeys {
    /// A relay without a family key.
    public static final FamilyKeys NONE = new FamilyKeys(List.of());
    /// Asks for every key that is there, as C tor's `FamilyId *`.
    public static final String ALL = "*";
    /// Where a process keeps the keys that all of its relays share, in its data directory.
    public static final String SHARED_DIRECTORY = "family-keys";

    private static final String SECRET_SUFFIX = ".secret_family_key";
    private static final String PUBLIC_SUFFIX = ".public_family_id";
    private static final String TYPE = "ed25519v1-secret";
    private static final String TAG = "fmly-id";

    private final List<Key> keys;

    /// @param id base64 of the public key, 43 characters
    private record Key(String id, byte[] secret) {
        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    private FamilyKeys(List<Key> keys) {
        this.keys = keys;
    }

    /// Reads the keys that are asked for from any of the directories.
    /// @param ids what `tor --keygen-family` prints as FamilyId, or [#ALL]; none means no key
    /// @throws KeyFileException names a file that cannot be used, or an id whose file is nowhere
    public static FamilyKeys read(Storage storage, List<String> directories, List<String> ids) throws KeyFileException {
        if (ids.isEmpty()) {
            return NONE;
        }
        TreeMap<String, Key> found = new TreeMap<>();
        for (String directory : directories) {
            KeyFiles files = new KeyFiles(storage, directory);
            for (String file : names(storage, directory)) {
                if (file.endsWith(SECRET_SUFFIX)) {
                    files.readTagged(file, TYPE, TAG, Ed25519.SECRET_LENGTH)
                            .map(FamilyKeys::key)
                            .ifPresent(key -> found.put(key.id(), key));
                }
            }
        }
        String places =
                String.join(" and ", directories.stream().map(storage::describe).toList());
        if (ids.contains(ALL)) {
            if (found.isEmpty()) {
                throw new KeyFileException(places, "hold no file *" + SECRET_SUFFIX + ", yet family.ids asks for all");
            }
            return new FamilyKeys(List.copyOf(found.values()));
        }
        List<Key> wanted = new ArrayList<>();
        for (String id : ids.stream().sorted().distinct().toList()) {
            Key key = found.get(id);
            if (key == null) {
                throw new KeyFileException(
                        places,
                        "hold no *" + SECRET_SUFFIX + " of the family " + id + "; copy it here from another member");
            }
            wanted.add(key);
        }
        return new FamilyKeys(List.copyOf(wanted));
    }

    /// Makes a new family key as the files `NAME.secret_family_key` and `NAME.public_family_id`.
    /// @return its id, for every member's configuration
    /// @throws KeyFileException when there is such a file already, or it cannot be written
    public static String create(Storage storage, String directory, String name, Entropy entropy)
            throws KeyFileException {
        KeyFiles files = new KeyFiles(storage, directory);
        if (files.exists(name + SECRET_SUFFIX)) {
            throw files.fault(
                    name + SECRET_SUFFIX, "exists already; a family key is never overwritten, take another name");
        }
        Key made = key(Ed25519.expand(entropy.secret(32)));
        files.writeTagged(name + SECRET_SUFFIX, TYPE, TAG, made.secret());
        files.writeText(name + PUBLIC_SUFFIX, made.id() + "\n");
        return made.id();
    }

    /// The ids of these families, sorted: base64 of 32 bytes, 43 characters.
    public List<String> ids() {
        return keys.stream().map(Key::id).toList();
    }

    /// One certificate a family, type 0C: its word that the relay is a member.
    /// @param ed25519 the relay's identity, 32 bytes
    public List<byte[]> certificates(byte[] ed25519, Instant expires) {
        return keys.stream()
                .map(key -> EdCert.encodeAndSign(
                        EdCert.FAMILY_IDENTITY, expires, EdCert.KEY_ED25519, ed25519, key.secret(), true))
                .toList();
    }

    @Override
    public String toString() {
        return "FamilyKeys" + ids();
    }

    private static Key key(byte[] secret) {
        return new Key(Base64Text.unpadded(Ed25519.publicKey(secret)), secret);
    }

    private static List<String> names(Storage storage, String directory) throws KeyFileException {
        try {
            return storage.list(directory);
        } catch (IOException e) {
            throw new KeyFileException(storage.describe(directory), "cannot be read", e);
        }
    }
}
