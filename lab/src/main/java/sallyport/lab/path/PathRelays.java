package sallyport.lab.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.DirectoryDocuments;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.lab.guard.GuardListing;
import sallyport.lab.guard.ListedGuard;

/// The relays that paths may go through, as one consensus and the microdescriptors at hand have them. An
/// immutable snapshot.
public final class PathRelays {
    /// Before there is a consensus.
    public static final PathRelays NONE =
            new PathRelays(List.of(), 0, NetworkParameters.NONE, NetworkParameters.NONE, GuardListing.NONE);

    private final List<PathRelay> relays;
    private final int listed;
    private final NetworkParameters weights;
    private final NetworkParameters parameters;
    private final GuardListing guards;
    private final Map<String, PathRelay> byFingerprint;

    PathRelays(
            List<PathRelay> relays,
            int listed,
            NetworkParameters weights,
            NetworkParameters parameters,
            GuardListing guards) {
        this.relays = List.copyOf(relays);
        this.listed = listed;
        this.weights = weights;
        this.parameters = parameters;
        this.guards = guards;
        this.byFingerprint =
                relays.stream().collect(Collectors.toUnmodifiableMap(PathRelay::fingerprint, Function.identity()));
    }

    /// What the store holds now; reads every microdescriptor, so once for each change of it.
    public static PathRelays of(DirectoryStore store) {
        Optional<Consensus> held = store.consensus(Flavor.MICRODESC);
        if (held.isEmpty()) {
            return NONE;
        }
        Consensus consensus = held.get();
        List<PathRelay> relays = new ArrayList<>();
        for (RouterStatus status : consensus.relays()) {
            PathRelay relay = relay(status, store.documents());
            if (relay != null) {
                relays.add(relay);
            }
        }
        return new PathRelays(
                relays,
                consensus.relays().size(),
                consensus.bandwidthWeights(),
                store.parameters(),
                guards(consensus, store.parameters()));
    }

    /// C tor wants the flags Stable, Fast, Valid and V2Dir beside Guard; dir-spec gives that one to nobody without
    /// them, but networks for tests do.
    private static GuardListing guards(Consensus consensus, NetworkParameters parameters) {
        List<ListedGuard> guards = new ArrayList<>();
        for (RouterStatus status : consensus.relays()) {
            if (status.flags().contains("Guard") && status.flags().contains("Valid")) {
                guards.add(new ListedGuard(
                        Hex.upper(status.rsaDigest()),
                        status.nickname(),
                        Place.GUARD.weight(status.flags(), status.bandwidthKb(), consensus.bandwidthWeights())));
            }
        }
        return new GuardListing(guards, parameters, consensus.validAfter(), consensus.validUntil());
    }

    private static @Nullable PathRelay relay(RouterStatus status, DirectoryDocuments documents) {
        byte[] digest = status.documentDigest();
        byte[] text = digest == null ? null : documents.microdescriptor(digest);
        if (text == null) {
            return null;
        }
        try {
            return PathRelay.of(status, Microdescriptor.parseAll(text).getFirst());
        } catch (Malformed e) {
            throw new IllegalStateException("a microdescriptor that was read before", e);
        }
    }

    /// In the order of the consensus.
    public List<PathRelay> all() {
        return relays;
    }

    /// The relay with that fingerprint; null where no path may use such.
    @Nullable
    PathRelay named(String fingerprint) {
        return byFingerprint.get(fingerprint);
    }

    /// How many the consensus lists, whether paths may use them or not.
    public int listed() {
        return listed;
    }

    /// What a relay's bandwidth counts at which place.
    NetworkParameters weights() {
        return weights;
    }

    /// Who may be a guard, whether its microdescriptor is at hand or not.
    GuardListing guards() {
        return guards;
    }

    /// What was voted.
    public NetworkParameters parameters() {
        return parameters;
    }
}
