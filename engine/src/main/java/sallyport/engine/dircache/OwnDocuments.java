package sallyport.engine.dircache;

import java.time.Instant;

/// What one relay of ours says of itself, as it published it last.
///
/// @param rsaDigest SHA-1 of its RSA identity
@SuppressWarnings("ArrayRecordComponent")
public record OwnDocuments(byte[] rsaDigest, byte[] descriptor, byte[] extraInfo, Instant published) {}
