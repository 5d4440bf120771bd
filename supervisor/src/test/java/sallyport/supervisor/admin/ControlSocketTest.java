package sallyport.supervisor.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.world.Log;

/// The socket itself: who may come, and what nobody may do to it.
@Timeout(120)
class ControlSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Log QUIET = (_, _, _) -> {};

    private final AtomicLong nanos = new AtomicLong();
    /// By how much each look at the clock moves it.
    private final AtomicLong step = new AtomicLong();
    private final FakeRelays relays = new FakeRelays();

    @TempDir
    Path directory;

    @Test
    void requestsAreAnsweredInOrderOverOneConnection() throws Exception {
        relays.put("one", new InstanceState.Published(), 1, "Exit");
        try (ControlSocket _ = open();
                ControlClient client = ControlClient.connect(directory)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            for (int i = 0; i < 3; i++) {
                assertThat(ControlClient.outcome(client.ask("status", Map.of())))
                        .isEqualTo(Answer.Outcome.OK);
                assertThat(ControlClient.outcome(client.ask("rubbish", Map.of())))
                        .isEqualTo(Answer.Outcome.ERROR);
            }
        }
        assertThat(socket()).doesNotExist();
        assertThatThrownBy(() -> ControlClient.connect(directory))
                .isInstanceOf(ControlClient.NotRunning.class)
                .hasMessageContaining("no sallyport runs over " + directory);
    }

    @Test
    void theSocketOfADeadProcessIsReplacedAndAFileIsNot() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThatThrownBy(() -> ControlClient.connect(directory)).isInstanceOf(ControlClient.NotRunning.class);
        try (ControlSocket _ = open();
                ControlClient client = ControlClient.connect(directory)) {
            client.ask("status", Map.of());
        }
        Files.writeString(socket(), "somebody's");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("is not a socket");
        assertThat(socket()).hasContent("somebody's");
    }

    @Test
    void aPathThatTheKernelDoesNotTakeIsSaidInNumbers() throws Exception {
        Path deep = Path.of("/" + "d".repeat(ControlSocket.PATH_BYTES_MAX - ControlSocket.FILE.length() - 2));
        assertThat(ControlSocket.address(deep.resolve(ControlSocket.FILE))
                        .getPath()
                        .toString())
                .hasSize(ControlSocket.PATH_BYTES_MAX);
        assertThatThrownBy(() -> ControlSocket.address(Path.of(deep + "d").resolve(ControlSocket.FILE)))
                .hasMessageContaining("has 108 bytes, and the path of a socket has 107 at most");
    }

    /// What comes without an end is neither kept nor waited for.
    @Test
    void aRequestThatIsTooLongIsRefused() throws Exception {
        try (ControlSocket _ = open();
                SocketChannel channel = connect()) {
            ControlLines lines = new ControlLines(channel, 1 << 20);
            lines.write("x".repeat(ControlSocket.REQUEST_BYTES_MAX));
            assertThat(lines.read()).contains("not one JSON object");
            channel.write(ByteBuffer.wrap(
                    "x".repeat(ControlSocket.REQUEST_BYTES_MAX + 1).getBytes(StandardCharsets.US_ASCII)));
            assertThat(lines.read()).contains("a line of more than " + ControlSocket.REQUEST_BYTES_MAX + " bytes");
            assertThat(lines.read()).isNull();
        }
    }

    @Test
    void oneMoreConnectionThanThereMayBeIsClosedAndTheOthersGoOn() throws Exception {
        List<SocketChannel> open = new ArrayList<>();
        try (ControlSocket _ = open()) {
            for (int i = 0; i < ControlSocket.CONNECTIONS_MAX; i++) {
                open.add(connect());
                assertThat(answered(open.getLast())).isTrue();
            }
            try (SocketChannel tooMany = connect()) {
                assertThat(answered(tooMany)).isFalse();
            }
            assertThat(answered(open.getFirst())).isTrue();
            open.removeFirst().close();
            await().atMost(PATIENCE).until(() -> {
                try (SocketChannel next = connect()) {
                    return answered(next);
                }
            });
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    @Test
    void whoAsksNothingIsForgotten() throws Exception {
        try (ControlSocket _ = open();
                SocketChannel idle = connect()) {
            assertThat(answered(idle)).isTrue();
            // The server may note only now that it heard us: from here on each look is later than the limit allows.
            step.set(ControlSocket.IDLE_MAX.toNanos() + 1);
            assertThat(new ControlLines(idle, 100).read()).isNull();
        }
    }

    private static boolean answered(SocketChannel channel) {
        try {
            ControlLines lines = new ControlLines(channel, 1 << 20);
            lines.write("{}");
            return lines.read() != null;
        } catch (IOException e) {
            return false;
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket()));
        return channel;
    }

    private ControlSocket open() throws IOException {
        ControlVerbs verbs = new ControlVerbs(
                new ControlVerbs.ProcessFacts("1.2.3", 42, "fleet.conf", true),
                relays,
                InstantSource.fixed(FakeRelays.NOW),
                this::nanos,
                QUIET);
        return ControlSocket.open(directory, verbs, this::nanos, QUIET);
    }

    private long nanos() {
        return nanos.addAndGet(step.get());
    }

    private Path socket() {
        return directory.resolve(ControlSocket.FILE);
    }
}
