package sallyport.engine.sim;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.circuit.Circuits;
import sallyport.engine.dns.DnsTrust;
import sallyport.engine.dns.Resolver;
import sallyport.engine.dns.ResolverSettings;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.identity.LinkCredentials;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.instance.DataPlane;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.link.ClearLinks;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// One relay without its control tasks: its keys are there, the directory is given.
final class SimRelay {
    static final int PORT = 9001;

    private final String id;
    private final RelayAddress address;
    private final RelayKeys keys;
    private final SimLoop loop;
    private final FaultCounters faults = new FaultCounters();
    private final InstanceLimits limits;
    private final RelayStatistics statistics;
    private final DataPlane plane;

    /// What all relays of a simulation have in common.
    record Surroundings(
            SimWorld world,
            HostLimits limits,
            Supplier<NetworkParameters> parameters,
            Supplier<RelayIndex> relays,
            ResolverSettings resolver,
            DnsTrust trust,
            List<String> exitPolicy,
            Function<SocketAddress, LinkCredentials> credentialsAt) {}

    SimRelay(int number, SimLoop loop, CellPool pool, Surroundings around) {
        id = "r" + number;
        keys = SimKeys.of(number);
        this.loop = loop;
        address = new RelayAddress(new byte[] {(byte) 192, 0, 2, (byte) (10 + number)}, PORT);
        SimWorld world = around.world();
        limits = around.limits().open(id, loop, faults);
        statistics = TestStatistics.of(world, StatisticKind.values());
        ExitSettings exit = ExitSettings.of(policy(around.exitPolicy()), false, List.of(address.inet()));
        plane = new DataPlane(
                new DataPlane.Parts(
                        id,
                        keys,
                        List.of(address),
                        SourceAddresses.of(List.of(address.inet())),
                        around.parameters(),
                        around.relays(),
                        true,
                        () -> exit,
                        around::resolver,
                        around.trust(),
                        faults,
                        statistics,
                        limits,
                        _ -> {},
                        null,
                        () -> true),
                world,
                loop,
                pool,
                (settings, _, _, _, creates) ->
                        ClearLinks.of(settings, world, loop, pool, creates, around.credentialsAt()));
    }

    void start() {
        var _ = plane.links().listen(socket());
    }

    void follow(BandwidthRates rates) {
        loop.execute(() -> limits.bandwidth().follow(rates));
    }

    /// The most that it carried within ten seconds, per second, in the direction in which that was less.
    long observedBytesPerSecond() {
        return statistics.bandwidth().observedBytesPerSecond();
    }

    /// As `RelayInstance` ends.
    void stop() {
        loop.execute(() -> {
            plane.closeAll();
            limits.retire();
        });
    }

    String id() {
        return id;
    }

    RelayAddress address() {
        return address;
    }

    InetSocketAddress socket() {
        return address.socket();
    }

    RelayIdentity identity() {
        return keys.identity();
    }

    LinkCredentials credentials() {
        return keys.linkCredentials();
    }

    byte[] onionKey() {
        return keys.onionKeys().current().publicKey();
    }

    FaultCounters faults() {
        return faults;
    }

    InstanceLimits limits() {
        return limits;
    }

    Resolver resolver() {
        return plane.resolver();
    }

    ExitDialer dialer() {
        return plane.dialer();
    }

    Circuits circuits() {
        return plane.circuits();
    }

    Links links() {
        return plane.links();
    }

    private static ExitPolicy policy(List<String> lines) {
        try {
            return ExitPolicy.parse(lines, new ExitPolicyOptions(false, false, List.of()));
        } catch (ExitPolicyException e) {
            throw new AssertionError(e);
        }
    }
}
