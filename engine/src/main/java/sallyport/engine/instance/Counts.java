package sallyport.engine.instance;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sallyport.engine.circuit.Circuits;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.MemoryRelief;
import sallyport.engine.link.Links;
import sallyport.engine.onionservice.DescriptorDirectory;
import sallyport.engine.onionservice.OnionDuties;
import sallyport.engine.onionskin.OnionSkins;

/// What one relay holds at one moment, for the operator: sums without peers.
///
/// @param links open, and on the way to it
/// @param streams of all circuits, lookups included
/// @param exitConnections that hold or wait for a socket
/// @param connections the links and exit connections by direction and family
/// @param onionServices what it is for onion services, and was since its start
/// @param onionDescriptors what it is as their directory
/// @param fds of links and exit connections, as the limit counts them
/// @param bytes held in queues and caches, per purpose
/// @param shares what it has of what all relays share
record Counts(
        int links,
        int circuits,
        int streams,
        int exitConnections,
        InstanceReport.Connections connections,
        OnionDuties.Counts onionServices,
        DescriptorDirectory.Counts onionDescriptors,
        int fds,
        Map<MemoryKind, Long> bytes,
        InstanceReport.Shares shares) {
    /// Runs on: the instance's loop.
    static Counts of(
            Links links,
            Circuits circuits,
            ExitDialer dialer,
            DescriptorDirectory onionDescriptors,
            InstanceLimits limits) {
        MemoryAccount memory = limits.memory();
        return new Counts(
                links.count(),
                circuits.open(),
                circuits.openStreams(),
                dialer.open(),
                new InstanceReport.Connections(
                        links.countOf(true, false),
                        links.countOf(true, true),
                        links.countOf(false, false),
                        links.countOf(false, true),
                        dialer.open() - dialer.openIpv6(),
                        dialer.openIpv6()),
                circuits.onionDuties().counts(),
                onionDescriptors.counts(),
                limits.fds().used(),
                Stream.of(MemoryKind.values()).collect(Collectors.toMap(kind -> kind, memory::held)),
                shares(circuits.onionSkins(), limits));
    }

    private static InstanceReport.Shares shares(OnionSkins skins, InstanceLimits limits) {
        MemoryRelief relief = limits.memory().relief();
        return new InstanceReport.Shares(
                limits.fds().guaranteed(),
                limits.fds().borrowed(),
                limits.circuits().guaranteed(),
                limits.circuits().borrowed(),
                limits.bandwidth()
                        .promised(limits.bandwidth().rates())
                        .all()
                        .atMost(limits.bandwidth().rates().relayed())
                        .bytesPerSecond(),
                Stream.of(MemoryKind.values()).collect(Collectors.toMap(kind -> kind, relief::freedBytes)),
                skins.waiting(),
                skins.atWork());
    }

    /// One line, `served: introductions=3 introductions-refused=0 joins=1 …`: sums since the start.
    String served() {
        return "served: introductions=" + onionServices.introduced()
                + " introductions-refused=" + onionServices.refused()
                + " joins=" + onionServices.everJoined()
                + " onion-descriptors-stored=" + onionDescriptors.stored()
                + " onion-descriptors-fetched=" + onionDescriptors.fetched();
    }

    /// One line, `counts: links=3 circuits=0 …`, the bytes under their kind's name in lower case.
    @Override
    public String toString() {
        return "counts: links=" + links + " circuits=" + circuits + " streams=" + streams + " exit-connections="
                + exitConnections + " introduction-points=" + onionServices.introductionPoints()
                + " rendezvous-points=" + onionServices.rendezvousPoints() + " joined-pairs=" + onionServices.joined()
                + " onion-descriptors=" + onionDescriptors.descriptors() + " fds=" + fds
                + Stream.of(MemoryKind.values())
                        .map(kind -> " " + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-bytes="
                                + bytes.get(kind))
                        .collect(Collectors.joining());
    }
}
