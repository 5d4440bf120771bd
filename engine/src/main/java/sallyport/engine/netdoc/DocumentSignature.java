package sallyport.engine.netdoc;

/// One `directory-signature` of a consensus.
///
/// @param identity SHA-1 of the signer's v3 identity key
/// @param signingKeyDigest SHA-1 of the signing key that it claims to be made with
/// @param algorithm the digest it signs, in the JDK's words
@SuppressWarnings("ArrayRecordComponent")
record DocumentSignature(byte[] identity, byte[] signingKeyDigest, String algorithm, byte[] signature) {}
