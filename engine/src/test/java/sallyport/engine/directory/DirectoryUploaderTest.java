package sallyport.engine.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.directory.UploadResult.Outcome;
import sallyport.engine.netdoc.GeneratedNetwork;
import sallyport.engine.world.Tasks;

/// Real sockets on loopback: four authorities, each with another mood.
class DirectoryUploaderTest {
    @TempDir
    private Path directory;

    /// Answers one connection; completes with what it read and the address it came from.
    private static CompletableFuture<String> serve(ServerSocket socket, String answer) {
        CompletableFuture<String> heard = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Socket one = socket.accept()) {
                byte[] bytes = new byte[65536];
                int length = 0;
                while (!new String(bytes, 0, length, StandardCharsets.US_ASCII).endsWith("descriptor")) {
                    length += one.getInputStream().read(bytes, length, bytes.length - length);
                }
                one.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                heard.complete(one.getInetAddress().getHostAddress() + "\n"
                        + new String(bytes, 0, length, StandardCharsets.US_ASCII));
            } catch (IOException e) {
                heard.completeExceptionally(e);
            }
        });
        return heard;
    }

    @Test
    void tellsOfEachAuthorityWhatItSaid() throws Exception {
        List<String> answers = List.of(
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.0 200 OK\r\nX-Descriptor-Not-New: Yes\r\n\r\n",
                "HTTP/1.0 400 Fingerprint is marked rejected\r\n\r\n");
        List<Authority> authorities = new ArrayList<>();
        List<CompletableFuture<String>> heard = new ArrayList<>();
        List<ServerSocket> sockets = new ArrayList<>();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ManualWorld world = new ManualWorld(directory, GeneratedNetwork.START)) {
            for (int i = 0; i < 4; i++) {
                ServerSocket socket = new ServerSocket();
                socket.bind(new InetSocketAddress(loopback, 0));
                sockets.add(socket);
                authorities.add(Authority.parse("a" + i + " v3ident=" + ("0" + i).repeat(20) + " 127.0.0.1:"
                        + socket.getLocalPort() + " " + "00".repeat(20)));
                if (i < 3) {
                    heard.add(serve(socket, answers.get(i)));
                } else {
                    socket.close();
                }
            }

            List<UploadResult> results = new DirectoryUploader(world, new Authorities(authorities))
                    .upload(
                            "descriptor".getBytes(StandardCharsets.US_ASCII),
                            "first",
                            InetAddress.getByName("127.0.0.9"));

            assertThat(results)
                    .extracting(UploadResult::outcome)
                    .containsExactly(Outcome.ACCEPTED, Outcome.NOT_NEW, Outcome.REFUSED, Outcome.UNREACHABLE);
            assertThat(results.get(2).reason()).isEqualTo("400 Fingerprint is marked rejected");
            assertThat(heard)
                    .allSatisfy(one -> assertThat(one.get())
                            .startsWith("127.0.0.9\nPOST /tor/ HTTP/1.0\r\n")
                            .contains("X-Desc-Gen-Reason: first\r\n", "Content-Length: 10\r\n"));
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /// A relay that stops in the midst of publishing must not go on talking to authorities that are slow
    /// to answer.
    @Test
    void aCancelledUploadEndsItsConversations() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ManualWorld world = new ManualWorld(directory, GeneratedNetwork.START);
                ServerSocket silent = new ServerSocket()) {
            silent.bind(new InetSocketAddress(loopback, 0));
            Authority authority = Authority.parse(
                    "a v3ident=" + "00".repeat(20) + " 127.0.0.1:" + silent.getLocalPort() + " " + "00".repeat(20));
            DirectoryUploader uploader = new DirectoryUploader(world, new Authorities(List.of(authority)));
            Tasks.Task task = world.tasks().start("publisher", () -> uploader.upload("descriptor".getBytes(UTF_8)));
            try (Socket accepted = silent.accept()) {
                byte[] request = accepted.getInputStream().readNBytes(20);
                assertThat(request).hasSize(20);
                task.cancel();
                assertThat(task.join(Duration.ofSeconds(30))).isTrue();
                // The end of the stream: the other side has closed, long before any timeout would make it.
                accepted.setSoTimeout(20_000);
                accepted.getInputStream().readAllBytes();
            }
        }
    }

    /// A change of the family concerns every relay of a fleet; authorities get their descriptors one
    /// after the other. Whoever stops while it waits takes nobody's turn.
    @Test
    void manyRelaysTakeTurns() throws Exception {
        Authority authority = Authority.parse("a v3ident=" + "00".repeat(20) + " 127.0.0.1:1 " + "00".repeat(20));
        AtomicInteger begun = new AtomicInteger();
        Semaphore mayEnd = new Semaphore(0);
        DirectoryTransport slow = (_, _) -> {
            begun.incrementAndGet();
            mayEnd.acquire();
            throw new IOException("nobody there");
        };
        int relays = 3 * DirectoryUploader.AT_ONCE_MAX;
        List<Tasks.Task> tasks = new ArrayList<>();
        try (ManualWorld world = new ManualWorld(directory, GeneratedNetwork.START)) {
            DirectoryUploader shared = new DirectoryUploader(world, new Authorities(List.of(authority)));
            for (int i = 0; i < relays; i++) {
                DirectoryUploader own = shared.over(slow);
                tasks.add(world.tasks().start("publisher", () -> own.upload("descriptor".getBytes(UTF_8))));
            }
            await().until(() -> begun.get() == DirectoryUploader.AT_ONCE_MAX);
            mayEnd.release(1);
            await().until(() -> begun.get() == DirectoryUploader.AT_ONCE_MAX + 1);
            tasks.forEach(Tasks.Task::cancel);
            for (Tasks.Task task : tasks) {
                assertThat(task.join(Duration.ofSeconds(30))).isTrue();
            }
            int before = begun.get();
            for (int i = 0; i < DirectoryUploader.AT_ONCE_MAX; i++) {
                DirectoryUploader own = shared.over(slow);
                world.tasks().start("publisher", () -> own.upload("descriptor".getBytes(UTF_8)));
            }
            await().until(() -> begun.get() == before + DirectoryUploader.AT_ONCE_MAX);
            mayEnd.release(relays);
        }
    }
}
