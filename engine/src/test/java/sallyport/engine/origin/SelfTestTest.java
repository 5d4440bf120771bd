package sallyport.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
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
            RelayIdentity identity = new RelayIdentity(Rsa.pkcs1(Rsa.generate(1024)), new byte[20], OUR_ED25519);
            Links links = new FakeLinks(
                            world,
                            loop,
                            new CellPool(),
                            identity,
                            () -> NetworkParameters.NONE,
                            faults,
                            TestLimits.plenty(world, loop),
                            () -> (_, cell) -> cell.release())
                    .links();
            Hop ourselves = new Hop(List.of(ADDRESS), identity.rsaDigest(), OUR_ED25519, new byte[32]);
            SelfTest test = new SelfTest(world, loop, links, () -> network(100), () -> ourselves);

            loop.submit(test::launch).get();
            assertThat(faults.snapshot())
                    .isEqualTo(Map.of("link: asked to dial ourselves", (long) SelfTest.CIRCUITS_AT_ONCE));
            loop.submit(test::launch).get();
            assertThat(faults.snapshot())
                    .isEqualTo(Map.of("link: asked to dial ourselves", 2L * SelfTest.CIRCUITS_AT_ONCE));
        }
    }

    private static RelayIndex network(int relays) {
        List<RelayIndex.KnownRelay> all = IntStream.range(1, relays + 1)
                .mapToObj(i -> new RelayIndex.KnownRelay(
                        new byte[] {(byte) i},
                        OUR_ED25519,
                        "relay" + i,
                        List.of(ADDRESS),
                        Set.of("Running", "Valid"),
                        new byte[32]))
                .toList();
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
            public Iterable<KnownRelay> relays() {
                return all;
            }

            @Override
            public int size() {
                return all.size();
            }
        };
    }
}
