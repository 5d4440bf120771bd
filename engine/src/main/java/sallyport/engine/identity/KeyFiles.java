package sallyport.engine.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Optional;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Storage;

/// The key files of one instance, in C tor's formats. A file that is there and cannot be used is a
/// [KeyFileException];
/// only a file that is not there counts as missing.
final class KeyFiles {
    static final String RSA_IDENTITY = "secret_id_key";
    static final String MASTER_SECRET = "ed25519_master_id_secret_key";
    static final String MASTER_ENCRYPTED = "ed25519_master_id_secret_key_encrypted";
    static final String MASTER_PUBLIC = "ed25519_master_id_public_key";
    static final String SIGNING_SECRET = "ed25519_signing_secret_key";
    static final String SIGNING_CERT = "ed25519_signing_cert";
    static final String TAP_ONION = "secret_onion_key";
    static final String TAP_ONION_OLD = "secret_onion_key.old";
    static final String NTOR_ONION = "secret_onion_key_ntor";
    static final String NTOR_ONION_OLD = "secret_onion_key_ntor.old";

    /// C tor's header of a tagged file: `== TYPE: TAG ==`, padded with zeros.
    private static final int HEADER_LENGTH = 32;
    // Ours: the longest (PEM of RSA-1024) is 0.9 kB; what is far longer is none of these files.
    private static final int FILE_BYTES_MAX = 16 * 1024;

    private final Storage storage;
    private final String directory;

    KeyFiles(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
    }

    /// The payload of a tagged file, of exactly that length; empty when the file is missing.
    Optional<byte[]> readTagged(String file, String type, String tag, int length) throws KeyFileException {
        Optional<byte[]> payload = readTagged(file, type, tag);
        if (payload.isPresent() && payload.get().length != length) {
            throw fault(
                    file,
                    "has " + (HEADER_LENGTH + payload.get().length) + " bytes instead of " + (HEADER_LENGTH + length));
        }
        return payload;
    }

    /// The payload of a tagged file, of whatever length; empty when the file is missing.
    Optional<byte[]> readTagged(String file, String type, String tag) throws KeyFileException {
        Optional<byte[]> content = read(file);
        if (content.isEmpty()) {
            return content;
        }
        byte[] all = content.get();
        if (all.length == 0) {
            throw fault(file, "is empty");
        }
        if (all.length < HEADER_LENGTH || !Arrays.equals(all, 0, HEADER_LENGTH, header(type, tag), 0, HEADER_LENGTH)) {
            throw fault(file, "does not begin with '== " + type + ": " + tag + " =='");
        }
        return Optional.of(Arrays.copyOfRange(all, HEADER_LENGTH, all.length));
    }

    void writeTagged(String file, String type, String tag, byte[] content) throws KeyFileException {
        write(file, new Writer().bytes(header(type, tag)).bytes(content).toBytes());
    }

    /// The RSA-1024 key of a PEM file; empty when the file is missing.
    Optional<RSAPrivateCrtKey> readRsa(String file) throws KeyFileException {
        Optional<byte[]> content = read(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        if (content.get().length == 0) {
            throw fault(file, "is empty");
        }
        try {
            RSAPrivateCrtKey key = Rsa.readPrivatePem(new String(content.get(), StandardCharsets.ISO_8859_1));
            if (key.getModulus().bitLength() != Rsa.IDENTITY_BITS) {
                throw fault(file, "is not an RSA key of 1024 bits");
            }
            return Optional.of(key);
        } catch (Malformed e) {
            throw fault(file, String.valueOf(e.getMessage()));
        }
    }

    void writeRsa(String file, RSAPrivateCrtKey key) throws KeyFileException {
        write(file, Rsa.privatePem(key).getBytes(StandardCharsets.US_ASCII));
    }

    boolean exists(String file) {
        return storage.exists(name(file));
    }

    void delete(String file) throws KeyFileException {
        try {
            storage.delete(name(file));
        } catch (IOException e) {
            throw new KeyFileException(path(file), "cannot be removed: " + reason(e), e);
        }
    }

    Optional<byte[]> read(String file) throws KeyFileException {
        try {
            return storage.read(name(file), FILE_BYTES_MAX);
        } catch (IOException e) {
            throw new KeyFileException(path(file), "cannot be read: " + reason(e), e);
        }
    }

    void write(String file, byte[] content) throws KeyFileException {
        try {
            storage.write(name(file), content);
        } catch (IOException e) {
            throw new KeyFileException(path(file), "cannot be written: " + reason(e), e);
        }
    }

    void writeText(String file, String text) throws KeyFileException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    KeyFileException fault(String file, String reason) {
        return new KeyFileException(path(file), reason);
    }

    private String name(String file) {
        return directory + "/" + file;
    }

    private String path(String file) {
        return storage.describe(name(file));
    }

    private static byte[] header(String type, String tag) {
        byte[] text = ("== " + type + ": " + tag + " ==").getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(text, HEADER_LENGTH);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }
}
