package sallyport.engine.directory;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// What the process knows of the network: one for all instances. Every answer is an immutable snapshot that any
/// thread may keep; the fetcher alone replaces them.
public final class DirectoryStore {
    private record Snapshot(
            @Nullable Consensus ns, @Nullable Consensus microdesc, RelayIndex index) {}

    private volatile DirectoryDocuments documents = DirectoryDocuments.NONE;
    private volatile Snapshot snapshot = new Snapshot(null, null, RelayIndex.EMPTY);

    /// The known relays; empty before the first consensus.
    public RelayIndex index() {
        return snapshot.index();
    }

    /// The voted numbers of the newest consensus.
    public NetworkParameters parameters() {
        return newest(snapshot).map(Consensus::parameters).orElse(NetworkParameters.NONE);
    }

    /// The newest verified consensus of either flavor.
    public Optional<Consensus> consensus() {
        return newest(snapshot);
    }

    /// The newest verified consensus of one flavor.
    public Optional<Consensus> consensus(Flavor flavor) {
        return Optional.ofNullable(
                switch (flavor) {
                    case NS -> snapshot.ns();
                    case MICRODESC -> snapshot.microdesc();
                });
    }

    /// The texts of what the consensuses name.
    public DirectoryDocuments documents() {
        return documents;
    }

    /// Called once, before the fetcher starts.
    void documents(DirectoryDocuments from) {
        documents = from;
    }

    /// Called by the fetcher's one task.
    void replace(@Nullable Consensus ns, @Nullable Consensus microdesc, RelayIndex index) {
        snapshot = new Snapshot(ns, microdesc, index);
    }

    private static Optional<Consensus> newest(Snapshot s) {
        Consensus ns = s.ns();
        Consensus microdesc = s.microdesc();
        if (ns == null || microdesc == null) {
            return Optional.ofNullable(ns == null ? microdesc : ns);
        }
        return Optional.of(ns.validAfter().isAfter(microdesc.validAfter()) ? ns : microdesc);
    }
}
