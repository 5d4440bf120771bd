package sallyport.supervisor.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.world.FreePorts;
import sallyport.supervisor.admin.FakeRelays;
import sallyport.supervisor.config.MetricsSpec;

/// Who gets the page, and when there is none.
@Timeout(120)
class MetricsEndpointTest {
    private static final String TOKEN = "0123456789abcdef";

    private final FakeRelays relays = new FakeRelays();

    @TempDir
    Path directory;

    @Test
    void onlyWhoKnowsTheTokenGetsThePage() throws Exception {
        relays.put("one", new InstanceState.Published(), 10, "Exit");
        InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next());
        try (MetricsEndpoint _ = MetricsEndpoint.open(new MetricsSpec(at, token(TOKEN + "\n")), "1.2.3", relays);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> page = get(client, at, "/metrics", "Bearer " + TOKEN, "GET");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(page.body()).contains("tor_relay_circuits_total{relay=\"one\",state=\"opened\"} 7\n");

            for (String wrong :
                    new String[] {"", "Bearer", "Bearer " + TOKEN + "0", "bearer " + TOKEN, "Basic " + TOKEN}) {
                HttpResponse<String> refused = get(client, at, "/metrics", wrong, "GET");
                assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
                assertThat(refused.body()).isEmpty();
            }
            assertThat(get(client, at, "/other", "Bearer " + TOKEN, "GET").statusCode())
                    .isEqualTo(404);
            assertThat(get(client, at, "/metrics", "Bearer " + TOKEN, "POST").statusCode())
                    .isEqualTo(405);
        }
        assertThatThrownBy(() -> new java.net.Socket(at.getAddress(), at.getPort()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aTokenThatIsNoSecretIsRefusedWithTheReason() throws Exception {
        assertThatThrownBy(() -> MetricsEndpoint.token(directory.resolve("none")))
                .hasMessageContaining("is no file; make it with: (umask 077;");
        Path open = token(TOKEN);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> MetricsEndpoint.token(open)).hasMessageContaining("chmod 600 " + open);
        for (String bad :
                new String[] {"", TOKEN.substring(1), "x".repeat(257), TOKEN + " " + TOKEN, TOKEN + "\u00e9"}) {
            Path file = token(bad);
            assertThatThrownBy(() -> MetricsEndpoint.token(file)).as(bad).hasMessageContaining("must hold 16 to 256");
        }
        assertThat(MetricsEndpoint.token(token("x".repeat(256)))).hasSize(256);
    }

    @Test
    void anAddressThatIsTakenIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MetricsSpec spec = new MetricsSpec(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort()), token(TOKEN));
            assertThatThrownBy(() -> MetricsEndpoint.open(spec, "1.2.3", relays))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process.metrics.listen: ");
        }
    }

    private static HttpResponse<String> get(
            HttpClient client, InetSocketAddress at, String path, String authorization, String method)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                .method(method, BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Path token(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
