package sallyport.engine.instance;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.limits.MemoryKind;

/// What one relay is, carries and counts at one moment, for the operator: sums without peers.
///
/// @param started when this run of it began
/// @param orAddresses where the network finds it
/// @param load empty while it is not open, and where its loop did not answer in time
/// @param publishing how far it has come with the authorities
/// @param listing what the newest live consensus says; empty while there is none
/// @param overloaded the hour in which it last had more to do than it could; the descriptor says so too
/// @param signingKeyExpires empty before the keys are read
/// @param ownBugs exceptions that only a bug of ours explains, since the start
/// @param tallies since the start; each kind has its number
public record InstanceReport(
        InstanceStatus status,
        Instant started,
        List<RelayAddress> orAddresses,
        Optional<Load> load,
        Publishing publishing,
        Optional<Listing> listing,
        Optional<Instant> overloaded,
        Optional<Instant> signingKeyExpires,
        long ownBugs,
        Map<Tally, Long> tallies) {
    /// The same at a place in the line of those that wait to start.
    public InstanceReport waitingAt(int place) {
        return new InstanceReport(
                status.waitingAt(place),
                started,
                orAddresses,
                load,
                publishing,
                listing,
                overloaded,
                signingKeyExpires,
                ownBugs,
                tallies);
    }

    /// The same with what it carries.
    InstanceReport with(Load carried) {
        return new InstanceReport(
                status,
                started,
                orAddresses,
                Optional.of(carried),
                publishing,
                listing,
                overloaded,
                signingKeyExpires,
                ownBugs,
                tallies);
    }

    /// What it holds.
    ///
    /// @param links open, and on the way to it
    /// @param streams of all circuits, lookups included
    /// @param exitConnections that hold or wait for a socket
    /// @param fds of links and exit connections, as the limit counts them
    /// @param bytesRead from links and servers, since the start
    /// @param bytesWritten to links and servers, since the start
    /// @param memoryBytes held in queues and caches, per purpose
    public record Load(
            int links,
            int circuits,
            int streams,
            int exitConnections,
            int fds,
            long bytesRead,
            long bytesWritten,
            Map<MemoryKind, Long> memoryBytes) {
        public long memoryBytesHeld() {
            return memoryBytes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// @param published when its newest descriptor was made; empty before the first
    /// @param accepted how many authorities hold that one
    /// @param authorities how many were asked
    public record Publishing(Optional<Instant> published, int accepted, int authorities) {
        static final Publishing NONE = new Publishing(Optional.empty(), 0, 0);
    }

    /// @param flags as voted, sorted; empty where the consensus does not list the relay
    /// @param weightKb in kB/s; 0 where it names none
    public record Listing(Set<String> flags, int weightKb) {
        /// Not in the consensus.
        static final Listing NONE = new Listing(Set.of(), 0);

        public boolean isListed() {
            return !flags.isEmpty();
        }
    }
}
