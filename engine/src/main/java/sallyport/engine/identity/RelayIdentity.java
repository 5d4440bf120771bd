package sallyport.engine.identity;

import sallyport.engine.bytes.Hex;

/// The public identity of a relay of ours. The arrays are shared and must not be changed.
/// @param rsaPkcs1 PKCS#1 RSAPublicKey of the RSA identity
/// @param rsaDigest its SHA-1, 20 bytes
/// @param ed25519 the Ed25519 identity, 32 bytes
public record RelayIdentity(byte[] rsaPkcs1, byte[] rsaDigest, byte[] ed25519) {
    /// 40 upper-case hexadecimal digits.
    public String fingerprint() {
        return Hex.upper(rsaDigest);
    }
}
