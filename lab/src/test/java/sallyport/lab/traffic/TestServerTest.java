package sallyport.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestServerTest {
    private static final long LARGE_BYTES = 64L << 20;

    private TestServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start("127.0.0.1");
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void sendsWhatItSaysItSends() throws Exception {
        var response = client.send(get("/bytes/" + LARGE_BYTES), HttpResponse.BodyHandlers.ofInputStream());
        try (var in = new DigestInputStream(response.body(), Content.newSha256())) {
            long length = in.transferTo(java.io.OutputStream.nullOutputStream());
            assertThat(length).isEqualTo(LARGE_BYTES);
            assertThat(HexFormat.of().formatHex(in.getMessageDigest().digest())).isEqualTo(server.sha256(LARGE_BYTES));
        }
    }

    @Test
    void aSeedChangesTheContent() throws Exception {
        byte[] body = client.send(get("/bytes/1000?seed=9"), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        assertThat(HexFormat.of().formatHex(Content.newSha256().digest(body)))
                .isEqualTo(Content.of(9).sha256(1000));
    }

    @Test
    void saysWhatItReceived() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/sink"))
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString("abc"))
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
    }

    @Test
    void saysWhoAsked() throws Exception {
        assertThat(client.send(get("/source"), HttpResponse.BodyHandlers.ofString())
                        .body())
                .isEqualTo("127.0.0.1\n");
        assertThat(server.sources()).containsOnly("127.0.0.1");
    }

    @Test
    void sendsBackWhatItReceived() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/echo"))
                .POST(HttpRequest.BodyPublishers.ofString("abc"))
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("abc");
    }

    @Test
    void sendsSlowlyAndAllOfIt() throws Exception {
        long begin = System.nanoTime();
        byte[] body = client.send(get("/slow/300?rate=1000"), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        assertThat(body).hasSize(300);
        // Three pieces with a tenth of a second after each.
        assertThat(System.nanoTime() - begin).isGreaterThan(200_000_000L);
    }

    @Test
    void resetsTheConnectionAfterWhatItSent() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET /reset/5 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += (char) in.read();
            }
            assertThat(head).contains("Content-Length: 10\r\n");
            assertThat(in.readNBytes(5)).hasSize(5);
            assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void threeWordsAreNotHttp() throws Exception {
        assertThat(raw("SOURCE 1000\n")).isEqualTo(bytes("/bytes/1000"));
        assertThat(raw("SINK\nabc"))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
        assertThat(raw("ECHO\nabc")).asString(StandardCharsets.US_ASCII).isEqualTo("abc");
    }

    private byte[] raw(String sent) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        }
    }

    private byte[] bytes(String path) throws Exception {
        return client.send(get(path), HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    @Test
    void anythingElseIsNotThere() throws Exception {
        assertThat(client.send(get("/"), HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(404);
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(uri(path)).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
