package sallyport.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.RealWorld;

class SelfTestTest {
    private static final RelayAddress ADDRESS = Objects.requireNonNull(RelayAddress.parseIp("192.0.2.1", 9001));
    private static final byte[] OUR_ED25519 = new byte[] {1, 2, 3};

    @TempDir
    Path directory;

    /// Relays that carry our own Ed25519 identity are refused before `dial` returns.
    @Test
    void relaysThatFailAtOnceDoNotMakeUsTryTheWholeNetwork() throws Exception {
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            EventLoop loop = world.loops().all().getFirst();
            FaultCounters faults = new FaultCounters();
            SelfTest test = selfTest(world, faults, () -> network(relays(100)));

            loop.submit(test::launch).get();
            assertThat(faults.snapshot())
                    .isEqualTo(Map.of("link: asked to dial ourselves", (long) SelfTest.CIRCUITS_AT_ONCE));
            loop.submit(test::launch).get();
            assertThat(faults.snapshot())
                    .isEqualTo(Map.of("link: asked to dial ourselves", 2L * SelfTest.CIRCUITS_AT_ONCE));
            // Nothing was carried.
            assertThat(test.isBandwidthTested()).isFalse();
        }
    }

    /// There are thousands, and all relays of the process look again and again.
    @Test
    void looksAtFewRelaysOfALargeNetwork() throws Exception {
        List<RelayIndex.KnownRelay> all = relays(100);
        AtomicInteger looks = new AtomicInteger();
        List<RelayIndex.KnownRelay> counting = new AbstractList<>() {
            @Override
            public RelayIndex.KnownRelay get(int i) {
                looks.incrementAndGet();
                return all.get(i % all.size());
            }

            @Override
            public int size() {
                return 8_000;
            }
        };
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            SelfTest test = selfTest(world, new FaultCounters(), () -> network(counting));
            world.loops().all().getFirst().submit(test::launch).get();
        }
        // One that is the entry itself may be drawn in between.
        assertThat(looks.get()).isBetween(1 + SelfTest.CIRCUITS_AT_ONCE, 4 * SelfTest.CIRCUITS_AT_ONCE);
    }

    private static SelfTest selfTest(RealWorld world, FaultCounters faults, Supplier<RelayIndex> relays) {
        EventLoop loop = world.loops().all().getFirst();
        RelayIdentity identity = new RelayIdentity(Rsa.pkcs1(Rsa.generate(1024)), new byte[20], OUR_ED25519);
        Links links = new FakeLinks(
                        world,
                        loop,
                        new CellPool(),
                        identity,
                        () -> NetworkParameters.NONE,
                        faults,
                        TestStatistics.none(world),
                        TestLimits.plenty(world, loop),
                        () -> (_, cell) -> cell.release())
                .links();
        Hop ourselves = new Hop(List.of(ADDRESS), identity.rsaDigest(), OUR_ED25519, new byte[32]);
        return new SelfTest(world, loop, links, relays, () -> ourselves);
    }

    private static List<RelayIndex.KnownRelay> relays(int count) {
        return IntStream.range(1, count + 1)
                .mapToObj(i -> new RelayIndex.KnownRelay(
                        new byte[] {(byte) i},
                        OUR_ED25519,
                        "relay" + i,
                        List.of(ADDRESS),
                        Set.of("Running", "Valid"),
                        new byte[32]))
                .toList();
    }

    private static RelayIndex network(List<RelayIndex.KnownRelay> all) {
        return new RelayIndex() {
            @Override
            public boolean isKnownRelay(byte[] rsaDigest) {
                return true;
            }

            @Override
            public boolean isOrPort(byte[] ip, int port) {
                return false;
            }

            @Override
            public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
                return null;
            }

            @Override
            public @Nullable KnownRelay byEd25519(byte[] ed25519) {
                return null;
            }

            @Override
            public List<KnownRelay> relays() {
                return all;
            }

            @Override
            public int size() {
                return all.size();
            }
        };
    }
}
