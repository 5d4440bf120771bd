package sallyport.engine.directory;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// What the process knows of the network: one for all instances. Every answer is an immutable snapshot
/// that any thread may keep; the fetcher alone replaces them.
public final class DirectoryStore {
    private record Snapshot(
            @Nullable Consensus ns, @Nullable Consensus microdesc, RelayIndex index, NetworkParameters parameters) {}

    private volatile DirectoryDocuments documents = DirectoryDocuments.NONE;
    private volatile Snapshot snapshot = new Snapshot(null, null, RelayIndex.EMPTY, NetworkParameters.NONE);
    private volatile Runnable whenReplaced = () -> {};
    // Under our lock.
    private Map<String, Integer> ownParameters = Map.of();

    /// The known relays; empty before the first consensus.
    public RelayIndex index() {
        return snapshot.index();
    }

    /// The voted numbers of the newest consensus, but for those that the operator sets.
    public NetworkParameters parameters() {
        return snapshot.parameters();
    }

    /// What the operator sets instead of what is voted, by the names of the consensus' parameters
    /// (param-spec).
    public synchronized void ownParameters(Map<String, Integer> own) {
        ownParameters = Map.copyOf(own);
        Snapshot now = snapshot;
        take(now.ns(), now.microdesc(), now.index());
    }

    /// The newest verified consensus of either flavor.
    public Optional<Consensus> consensus() {
        Snapshot now = snapshot;
        return newest(now.ns(), now.microdesc());
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

    /// Who hears, from the fetcher's task, that there may be a newer consensus or more texts. Set once,
    /// before the fetcher starts.
    public void whenReplaced(Runnable told) {
        whenReplaced = told;
    }

    /// Called once, before the fetcher starts.
    void documents(DirectoryDocuments from) {
        documents = from;
    }

    /// Called by the fetcher's one task.
    void replace(@Nullable Consensus ns, @Nullable Consensus microdesc, RelayIndex index) {
        take(ns, microdesc, index);
        whenReplaced.run();
    }

    private synchronized void take(@Nullable Consensus ns, @Nullable Consensus microdesc, RelayIndex index) {
        NetworkParameters voted =
                newest(ns, microdesc).map(Consensus::parameters).orElse(NetworkParameters.NONE);
        snapshot = new Snapshot(ns, microdesc, index, voted.under(ownParameters));
    }

    private static Optional<Consensus> newest(@Nullable Consensus ns, @Nullable Consensus microdesc) {
        if (ns == null || microdesc == null) {
            return Optional.ofNullable(ns == null ? microdesc : ns);
        }
        return Optional.of(ns.validAfter().isAfter(microdesc.validAfter()) ? ns : microdesc);
    }
}
