package sallyport.engine.netdoc;

/// Signs what a relay publishes. The keys stay with whoever implements it.
public interface DocumentSigner {
    /// An Ed25519 signature by the signing key, 64 bytes.
    byte[] edSign(byte[] message);

    /// A raw PKCS#1 type-1 signature of a bare digest by the RSA identity.
    byte[] rsaSign(byte[] digest);
}
