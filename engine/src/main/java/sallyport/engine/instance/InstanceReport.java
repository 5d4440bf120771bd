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
/// @param firstSeen since when it is listed; empty while it does not run and until a consensus has listed
/// it
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
        Optional<FirstSeen> firstSeen,
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
                firstSeen,
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
                firstSeen,
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
    /// @param connections the links and exit connections by direction and family
    /// @param fds of links and exit connections, as the limit counts them
    /// @param bytesRead from links and servers, since the start
    /// @param bytesWritten to links and servers, since the start
    /// @param memoryBytes held in queues and caches, per purpose
    /// @param shares what it has of what all relays share
    public record Load(
            int links,
            int circuits,
            int streams,
            int exitConnections,
            Connections connections,
            int fds,
            long bytesRead,
            long bytesWritten,
            Map<MemoryKind, Long> memoryBytes,
            Shares shares) {
        public long memoryBytesHeld() {
            return memoryBytes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// What a relay has of what the process has, and how often that was not enough.
    ///
    /// @param fdsGuaranteed that nobody else can take
    /// @param fdsBorrowed of those for whoever comes first
    /// @param circuitsGuaranteed as of FDs
    /// @param circuitsBorrowed as of FDs
    /// @param bandwidthBytesPerSecond what it gets when all relays are busy
    /// @param freedBytes given back because memory was short, per purpose
    /// @param onionSkinsWaiting that no worker has seen
    /// @param onionSkinsAtWork that workers have
    public record Shares(
            int fdsGuaranteed,
            int fdsBorrowed,
            int circuitsGuaranteed,
            int circuitsBorrowed,
            long bandwidthBytesPerSecond,
            Map<MemoryKind, Long> freedBytes,
            int onionSkinsWaiting,
            int onionSkinsAtWork) {
        public Shares {
            freedBytes = Map.copyOf(freedBytes);
        }
    }

    /// Open connections, those that are being made included, by the family of the address.
    public record Connections(
            int dialedIpv4, int dialedIpv6, int acceptedIpv4, int acceptedIpv6, int exitsIpv4, int exitsIpv6) {}

    /// @param published when its newest descriptor was made; empty before the first
    /// @param accepted how many authorities hold that one
    /// @param authorities how many were asked
    public record Publishing(Optional<Instant> published, int accepted, int authorities) {
        static final Publishing NONE = new Publishing(Optional.empty(), 0, 0);
    }

    /// What we know of when the network first saw the relay.
    ///
    /// @param listed when the first consensus that we saw it in began to hold
    /// @param notBefore when the last one without it did; empty where every consensus that we saw lists
    /// it, and so may many before
    public record FirstSeen(Instant listed, Optional<Instant> notBefore) {}

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
