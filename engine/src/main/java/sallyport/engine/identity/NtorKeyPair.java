package sallyport.engine.identity;

import sallyport.engine.crypto.Curve25519;

/// A Curve25519 onion key.
/// @param secret 32 bytes, clamped
/// @param publicKey 32 bytes
public record NtorKeyPair(byte[] secret, byte[] publicKey) {
    static NtorKeyPair fromRandom(byte[] random) {
        byte[] secret = Curve25519.clamp(random);
        return new NtorKeyPair(secret, Curve25519.publicKey(secret));
    }
}
