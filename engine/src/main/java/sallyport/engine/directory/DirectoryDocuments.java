package sallyport.engine.directory;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.AuthorityCertificate;

/// The texts of verified documents, as directory caches hand them out. From any thread; the arrays are shared and not
/// to be changed.
public interface DirectoryDocuments {
    /// One relay's descriptor.
    @SuppressWarnings("ArrayRecordComponent")
    record Descriptor(byte[] text, Instant published) {}

    /// A process that has no documents, or hands none out.
    DirectoryDocuments NONE = new DirectoryDocuments() {
        @Override
        public byte @Nullable [] microdescriptor(byte[] sha256) {
            return null;
        }

        @Override
        public @Nullable Descriptor descriptor(byte[] sha1) {
            return null;
        }

        @Override
        public List<AuthorityCertificate> certificates() {
            return List.of();
        }
    };

    /// Null where it is not held.
    byte @Nullable [] microdescriptor(byte[] sha256);

    /// By the digest under which consensuses name it; null where it is not held.
    @Nullable
    Descriptor descriptor(byte[] sha1);

    /// The certificates of configured authorities, in no order.
    List<AuthorityCertificate> certificates();
}
