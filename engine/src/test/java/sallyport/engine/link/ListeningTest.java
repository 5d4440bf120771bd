package sallyport.engine.link;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.RealWorld;

/// Where links are accepted, with sockets of the system.
final class ListeningTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    private RealWorld world;
    private EventLoop loop;
    private Links links;

    @BeforeEach
    void open() {
        world = new RealWorld(directory, 1, (_, _, _) -> {});
        loop = world.loops().all().getFirst();
        FaultCounters faults = new FaultCounters();
        LinkSettings settings = new LinkSettings(
                "test",
                TestRelay.BOB.identity(),
                TestRelay.BOB::credentials,
                List.of(new RelayAddress(new byte[] {(byte) 192, 0, 2, 1}, 443)),
                SourceAddresses.NONE,
                () -> RelayIndex.EMPTY,
                () -> NetworkParameters.NONE,
                faults,
                TestStatistics.none(world),
                TestLimits.plenty(world).open("test", loop, faults),
                _ -> {});
        links = new Links(settings, world, loop, new CellPool(), (_, cell) -> cell.release());
    }

    @AfterEach
    void close() throws Exception {
        onLoop(links::close);
        world.close();
    }

    /// Behind NAT the relay listens elsewhere than where it is found; moving one must not close the other.
    @Test
    void itListensWhereItWasToldToWhateverItPublishes() throws Exception {
        RelayAddress first = new RelayAddress(new byte[] {127, 0, 0, 1}, 0);
        RelayAddress second = new RelayAddress(new byte[] {127, 0, 0, 2}, 0);
        InetSocketAddress firstAt = listen(first.socket());
        InetSocketAddress secondAt = listen(second.socket());
        onLoop(() -> links.moveTo(List.of(new RelayAddress(new byte[] {(byte) 192, 0, 2, 2}, 443))));
        for (InetSocketAddress at : List.of(firstAt, secondAt)) {
            connect(at).close();
        }
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> links() == 0);
        try (Socket open = connect(firstAt)) {
            await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> links() == 1);
            onLoop(() -> links.listenOnlyOn(List.of(second)));
            assertThatThrownBy(() -> connect(firstAt)).isInstanceOf(IOException.class);
            connect(secondAt).close();
            open.getOutputStream().write(1);
            open.setSoTimeout(200);
            assertThatThrownBy(() -> open.getInputStream().read())
                    .as("a link that was accepted there stays")
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /// `[::]` takes IPv6 alone, so that both may be listened on with one port.
    @Test
    void allAddressesOfBothFamiliesMayShareAPort() throws Exception {
        InetSocketAddress ipv4 = listen(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0));
        InetSocketAddress ipv6 = listen(new InetSocketAddress(InetAddress.ofLiteral("::"), ipv4.getPort()));
        assertThat(ipv6.getPort()).isEqualTo(ipv4.getPort());
        for (String local : List.of("127.0.0.3", "::1")) {
            connect(new InetSocketAddress(InetAddress.ofLiteral(local), ipv4.getPort()))
                    .close();
        }
    }

    private InetSocketAddress listen(InetSocketAddress at) throws Exception {
        Channel listener = links.listen(at).sync().channel();
        onLoop(() -> {});
        return (InetSocketAddress) listener.localAddress();
    }

    private int links() throws Exception {
        return loop.submit(links::count).get(PATIENCE_SECONDS, SECONDS);
    }

    private static Socket connect(InetSocketAddress to) throws IOException {
        return new Socket(to.getAddress(), to.getPort());
    }

    private void onLoop(Runnable work) throws Exception {
        loop.submit(work).get(PATIENCE_SECONDS, SECONDS);
    }
}
