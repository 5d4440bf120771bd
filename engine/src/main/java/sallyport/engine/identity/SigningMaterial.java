package sallyport.engine.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Storage;

/// What signing a descriptor takes: an immutable snapshot of keys that belong together. Shows no secret.
public final class SigningMaterial {
    // dir-spec "ntor-onion-key-crosscert"; C tor hashes the string with its terminating zero.
    private static final byte[] DERIVE =
            "Derive high part of ed25519 key from curve25519 key\0".getBytes(StandardCharsets.US_ASCII);

    private final IdentityKeys keys;
    private final RSAPrivateCrtKey tap;
    private final NtorKeyPair ntor;

    /// @param bit the sign of the converted key
    /// @param cert the certificate of type 0A
    public record NtorCrossCert(int bit, byte[] cert) {}

    SigningMaterial(IdentityKeys keys, RSAPrivateCrtKey tap, NtorKeyPair ntor) {
        this.keys = keys;
        this.tap = tap;
        this.ntor = ntor;
    }

    /// The same without an instance around it, made where it is missing: no link key, which takes most of the time of
    /// [RelayKeys#open].
    /// @param directory `relays/ID/keys`
    /// @throws KeyFileException names the file and what is wrong with it
    /// @throws IOException when the lock file cannot be had
    public static SigningMaterial in(Storage storage, String directory, Entropy entropy, InstantSource clock)
            throws KeyFileException, IOException {
        Instant now = clock.instant();
        KeyFiles relay = new KeyFiles(storage, RelayKeys.parentOf(directory));
        return RelayKeys.withFiles(storage, directory, files -> {
            IdentityKeys keys = IdentityKeys.load(files, entropy, now, IdentityKeys.SIGNING_LIFETIME);
            OnionKeyFiles onion = OnionKeyFiles.load(files, relay, entropy, now);
            return new SigningMaterial(keys, onion.tap(), onion.keys().current());
        });
    }

    public RelayIdentity identity() {
        return keys.identity();
    }

    /// The certificate of the signing key, type 04, 140 bytes.
    public byte[] signingCert() {
        return keys.signingCert().encoded().clone();
    }

    /// Signs with the Ed25519 signing key: 64 bytes.
    public byte[] edSign(byte[] message) {
        return Ed25519.sign(keys.signingSecret(), message);
    }

    /// Signs a bare digest with the RSA identity: 128 bytes.
    public byte[] rsaSign(byte[] digest) {
        return Rsa.signRaw(keys.rsa(), digest);
    }

    /// The TAP onion key as PKCS#1. Nobody uses it; authorities refuse a descriptor without it.
    public byte[] tapOnionKey() {
        return Rsa.pkcs1(tap);
    }

    /// The TAP onion key's word for both identities.
    public byte[] tapCrossCert() {
        return Rsa.signRaw(
                tap,
                new Writer()
                        .bytes(identity().rsaDigest())
                        .bytes(identity().ed25519())
                        .toBytes());
    }

    /// The public ntor onion key, 32 bytes.
    public byte[] ntorOnionKey() {
        return ntor.publicKey().clone();
    }

    /// The ntor onion key's word for the Ed25519 identity.
    public NtorCrossCert ntorCrossCert(Instant expires) {
        byte[] derived = Arrays.copyOf(ntor.secret(), Ed25519.SECRET_LENGTH);
        System.arraycopy(Hashes.sha512(ntor.secret(), DERIVE), 0, derived, 32, 32);
        byte[] cert = EdCert.encodeAndSign(
                EdCert.NTOR_IDENTITY, expires, EdCert.KEY_ED25519, identity().ed25519(), derived, false);
        int bit = (Ed25519.publicKey(derived)[31] & 0x80) >>> 7;
        Arrays.fill(derived, (byte) 0);
        return new NtorCrossCert(bit, cert);
    }
}
