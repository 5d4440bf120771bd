package sallyport.engine.directory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.Captured;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.Unverified;
import sallyport.engine.netdoc.UnverifiedConsensus;

/// The captured documents in a store, as if they had been fetched.
public final class CapturedDirectory {
    private CapturedDirectory() {}

    public static DirectoryTrust trust() throws Exception {
        return Captured.trust().with(Captured.certificates());
    }

    public static List<Microdescriptor> microdescriptors() throws Exception {
        return Microdescriptor.parseAll(Captured.read("microdescs"));
    }

    public static List<RouterDescriptor> descriptors() throws Exception {
        List<RouterDescriptor> all = new ArrayList<>();
        for (Unverified<RouterDescriptor> one : RouterDescriptor.parseAll(Captured.read("descriptors"))) {
            all.add(one.verify(trust(), Captured.THEN));
        }
        return all;
    }

    public static DirectoryStore store() throws Exception {
        DirectoryStore store = new DirectoryStore();
        Consensus ns = UnverifiedConsensus.parse(Captured.read("consensus")).verify(trust(), Captured.THEN);
        store.replace(ns, null, RelayIndex.EMPTY);
        List<Microdescriptor> microdescriptors = microdescriptors();
        List<RouterDescriptor> descriptors = descriptors();
        List<AuthorityCertificate> certificates = Captured.certificates();
        store.documents(new DirectoryDocuments() {
            @Override
            public byte @Nullable [] microdescriptor(byte[] sha256) {
                return microdescriptors.stream()
                        .filter(one -> Arrays.equals(one.digest(), sha256))
                        .map(Microdescriptor::encoded)
                        .findFirst()
                        .orElse(null);
            }

            @Override
            public @Nullable Descriptor descriptor(byte[] sha1) {
                return descriptors.stream()
                        .filter(one -> Arrays.equals(one.digest(), sha1))
                        .map(one -> new Descriptor(one.encoded(), one.published()))
                        .findFirst()
                        .orElse(null);
            }

            @Override
            public List<AuthorityCertificate> certificates() {
                return certificates;
            }
        });
        return store;
    }
}
