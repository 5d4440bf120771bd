package sallyport.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.link.LinkSettings;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.SeededEntropy;

/// An authority believes what it has seen: a relay that answers is who it says, and one that does not is
/// down.
class LinkProbesTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final String LOOPBACK = "127.0.0.1";

    private final CellPool pool = new CellPool();
    private final FaultCounters faults = new FaultCounters();

    @TempDir
    Path directory;

    private RealWorld world;
    private EventLoop loop;
    private RelayKeys bob;
    private Links listening;
    private RelayAddress at;
    private LinkProbes probes;

    @BeforeEach
    void open() throws Exception {
        world = new RealWorld(directory, 1, (level, relay, text) -> {});
        loop = world.loops().all().getFirst();
        bob = keys(2);
        listening = new Links(
                new LinkSettings(
                        "bob",
                        bob.identity(),
                        bob::linkCredentials,
                        List.of(),
                        SourceAddresses.NONE,
                        () -> RelayIndex.EMPTY,
                        () -> NetworkParameters.NONE,
                        faults,
                        TestStatistics.none(world),
                        TestLimits.plenty(world, loop),
                        _ -> {}),
                world,
                loop,
                pool,
                (link, create) -> create.release());
        at = RelayAddress.of((InetSocketAddress) listening
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .sync()
                .channel()
                .localAddress());
        probes = new LinkProbes(
                "alice",
                world,
                loop,
                pool,
                keys(1),
                List.of(),
                TestLimits.plenty(world, loop),
                faults,
                LinksMaker.OVER_TLS);
    }

    @AfterEach
    void close() throws Exception {
        probes.close();
        loop.submit(listening::close).sync();
        assertThat(loop.submit(pool::outstanding).get()).isZero();
        world.close();
    }

    @Test
    void whoAnswersIsNamedAndTheLinkIsGone() throws Exception {
        for (int time = 0; time < 2; time++) {
            assertThat(probe(at, bob.identity().rsaDigest()))
                    .isEqualTo(bob.identity().ed25519());
        }
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> loop.submit(listening::count).get() == 0);
        assertThat(faults.snapshot()).isEmpty();
    }

    @Test
    void anotherRelayAtItsAddressIsNotIt() {
        assertThatThrownBy(() -> probe(at, new byte[20]))
                .isInstanceOf(ExecutionException.class)
                .hasCause(new IOException("no link: OR_IDENTITY"));
    }

    @Test
    void nobodyAtItsAddressIsNotIt() throws Exception {
        loop.submit(listening::close).sync();
        assertThatThrownBy(() -> probe(at, bob.identity().rsaDigest()))
                .hasCause(new IOException("no link: CONNECTFAILED"));
    }

    /// Whoever has no IPv6 address finds out nothing about those of others.
    @Test
    void withoutIpv6OfOursNoneIsProbed() {
        RelayAddress ipv6 = Objects.requireNonNull(RelayAddress.parseIp("::1", at.port()));
        assertThatThrownBy(() -> probe(ipv6, bob.identity().rsaDigest()))
                .hasCause(new IOException("no link: CONNECTFAILED"));
    }

    private byte[] probe(RelayAddress address, byte[] rsaDigest) throws Exception {
        return probes.probe(address, rsaDigest).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private RelayKeys keys(long seed) throws Exception {
        return RelayKeys.open(new MemoryStorage(), "relays/test/keys", new SeededEntropy(seed), world.clock());
    }
}
