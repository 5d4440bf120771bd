package sallyport.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A load in real time, without a network between it and its far end.
class LoadRunTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @Test
    void everyVisitIsServed() throws Exception {
        try (LoadServer server = LoadServer.start(ANYWHERE)) {
            LoadReport report = LoadRun.run(
                    plan("web=50,bulk=5,upload=5", server.address()),
                    DirectOpener::new,
                    List.of(ProcessHandle.current().pid()));
            assertThat(report.isClean()).isTrue();
            assertThat(report.tallies()).hasSize(3);
            assertThat(report.lines())
                    .hasSizeGreaterThan(7)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void nothingBeginsWhereTheFarEndIsNotReached() throws Exception {
        try (LoadServer server = LoadServer.start(ANYWHERE);
                ServerSocket noProxy = new ServerSocket(0, 1, ANYWHERE.getAddress())) {
            var nobody = (InetSocketAddress) noProxy.getLocalSocketAddress();
            noProxy.close();
            assertThatThrownBy(() -> LoadRun.run(
                            plan("web=5", server.address()), loop -> new SocksOpener(loop, nobody), List.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not reached (no connection)");
        }
        assertThatThrownBy(() -> LoadRun.run(
                        plan("web=5", new InetSocketAddress("203.0.113.9", 80)), DirectOpener::new, List.of()))
                .hasMessageContaining("listens on loopback");
    }

    @Test
    void theFarEndCutsOffWhoeverSpeaksOtherwise() throws Exception {
        for (byte[] request : List.of(
                "GET / HTTP/1.0\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                new byte[] {'L', 'O', 'A', 'D', -1, 0, 0, 0, 0, 0, 0, 1},
                new byte[] {'L', 'O', 'A', 'D', 0, 0, 0, 0, 0, 0, 0, 0})) {
            try (LoadServer server = LoadServer.start(ANYWHERE);
                    Socket socket = new Socket(
                            server.address().getAddress(), server.address().getPort())) {
                socket.getOutputStream().write(request);
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    private static LoadPlan plan(String mix, InetSocketAddress server) {
        return new LoadPlan(
                Mix.parse(mix), Duration.ZERO, Duration.ofSeconds(1), 3, 1, 5_000, Duration.ofSeconds(30), server, "");
    }
}
