package sallyport.engine.dircache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a directory has descriptors from, or extra-info documents. From any thread; never waits.
public interface DescriptorSource {
    /// Those of every relay.
    List<byte[]> all();

    /// That of the relay that is asked; null where it has none yet.
    byte @Nullable [] own();

    /// @param digest SHA-1 of the document, 20 bytes
    byte @Nullable [] byDigest(byte[] digest);

    /// The newest of one relay, as long as it holds.
    ///
    /// @param fingerprint SHA-1 of the relay's RSA identity, 20 bytes
    byte @Nullable [] byFingerprint(byte[] fingerprint);
}
