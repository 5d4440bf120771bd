package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.Tally;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.dns.DnsTrust;
import sallyport.engine.dns.Resolver;
import sallyport.engine.dns.ResolverSettings;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.link.Link;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.stream.DirRequestHandler;
import sallyport.engine.world.World;

/// The circuits of one relay with links to play on, and nothing else that is real.
final class CircuitRig {
    private static final byte[] RSA = Rsa.pkcs1(Rsa.generate(Rsa.IDENTITY_BITS));

    final TestWorld world;
    final CellPool pool = new CellPool();
    final FaultCounters faults = new FaultCounters();
    final Map<String, Integer> parameters = new HashMap<>();
    final RelayIdentity identity = new RelayIdentity(RSA, Hashes.sha1(RSA), new byte[32]);
    final NtorKeyPair onionKey;
    final List<Link> reached = new ArrayList<>();
    final List<DialTarget> targets = new ArrayList<>();
    final List<DialResult> dials = new ArrayList<>();
    final RelayStatistics statistics;
    final InstanceLimits limits;
    final Circuits circuits;
    final FakeLinks links;
    RelayIndex relays = RelayIndex.EMPTY;

    /// Serves BEGIN_DIR; null: refused.
    @Nullable
    DirRequestHandler directory;

    @Nullable
    RuntimeException parametersFail;

    boolean ownBugsExpected;

    CircuitRig(long seed, boolean extendAllowPrivate) {
        this(seed, extendAllowPrivate, TestLimits::plenty);
    }

    CircuitRig(long seed, boolean extendAllowPrivate, Function<World, HostLimits> host) {
        world = new TestWorld(seed);
        statistics = TestStatistics.of(world, StatisticKind.CELLS, StatisticKind.ONION_SERVICES);
        limits = host.apply(world).open("test", world.loop(), faults);
        byte[] secret = Curve25519.clamp(world.secret(32));
        onionKey = new NtorKeyPair(secret, Curve25519.publicKey(secret));
        OnionKeys keys = new OnionKeys(onionKey, null);
        ExitSettings exit = ExitSettings.of(ExitPolicy.REJECT_ALL, false, List.of());
        Resolver resolver = new Resolver(
                world,
                world.loop(),
                "test",
                () -> new ResolverSettings(List.of(), 1000, 1, false, true),
                new DnsTrust(world),
                faults,
                limits.memory());
        circuits = new Circuits(
                new CircuitSettings(
                        "test",
                        identity,
                        () -> keys,
                        this::parameters,
                        () -> relays,
                        extendAllowPrivate,
                        () -> exit,
                        resolver,
                        new ExitDialer(world, world.loop(), "test", faults, statistics, limits),
                        (client, events) -> directory == null ? null : directory.open(client, events),
                        faults,
                        statistics,
                        limits,
                        reached::add),
                world,
                world.loop(),
                pool);
        circuits.useDialer((target, result) -> {
            targets.add(target);
            dials.add(result);
        });
        links = new FakeLinks(
                world,
                world.loop(),
                pool,
                identity,
                () -> new NetworkParameters(parameters),
                faults,
                statistics,
                limits,
                () -> circuits);
    }

    private NetworkParameters parameters() {
        if (parametersFail != null) {
            throw parametersFail;
        }
        return new NetworkParameters(parameters);
    }

    /// A client's link to us.
    FakeLinks.Peer client() {
        return links.open(false, null);
    }

    /// The link of a client at 192.0.2.`last`.
    FakeLinks.Peer clientAt(int last) {
        return links.open(false, null, new ClientAddress(InetAddress.ofLiteral("192.0.2." + last)));
    }

    /// A relay's link, either way; its identity is made of one byte.
    FakeLinks.Peer relay(boolean dialed, int name) {
        return links.open(dialed, peer(name));
    }

    static PeerIdentity peer(int name) {
        return new PeerIdentity(bytes(20, name), bytes(32, name), bytes(32, name), null);
    }

    static byte[] bytes(int length, int value) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) value);
        return out;
    }

    /// Lets turns and workers run until nothing is left to do.
    void settle() {
        for (int i = 0; i < 3; i++) {
            world.turn();
            world.work();
        }
        world.turn();
    }

    long tallied(Tally kind) {
        return faults.tallies().snapshot().getOrDefault(kind, 0L);
    }

    /// Closes what is open and looks whether anything was lost.
    void end(@Nullable FakeLinks.Peer... peers) {
        circuits.closeAll(sallyport.engine.cell.DestroyReason.DESTROYED);
        settle();
        for (FakeLinks.Peer peer : peers) {
            if (peer != null) {
                peer.take();
                peer.close();
            }
        }
        settle();
        assertThat(circuits.open()).isZero();
        assertThat(pool.outstanding()).as("cells held").isZero();
        assertThat(limits.memory().held()).as("bytes held: %s", limits.memory()).isZero();
        assertThat(limits.circuits().used()).as("circuits held").isZero();
        if (!ownBugsExpected) {
            assertThat(faults.snapshot()).doesNotContainKey(Circuits.OWN_BUG);
        }
    }
}
