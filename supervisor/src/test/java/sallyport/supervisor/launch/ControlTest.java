package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.world.FreePorts;

/// The verbs that ask a running process, in a testing network whose authorities are not there.
@Timeout(120)
class ControlTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;
    private int metricsPort;

    @Test
    void relaysOfARunningProcessAreLookedAtAndMoved() throws Exception {
        file = config("one", "two");
        assertThat(run("status")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString())
                .contains("no sallyport runs over " + directory.resolve("data"))
                .contains("next: sallyport run --config");

        try (RunProcess process = new RunProcess(file)) {
            process.awaitLine("state: bootstrapping");
            process.awaitLine("state: bootstrapping");
            // Only the data directory of the file counts.
            Files.writeString(file, Files.readString(file) + "\nunknown = 1");

            assertThat(run("status")).isZero();
            assertThat(out.toString().lines())
                    .allMatch(line -> line.length() <= 80 || line.startsWith("next: "))
                    .anyMatch(line -> line.startsWith("relays  2: 2 bootstrapping"))
                    .anyMatch(line -> line.matches("two +bootstrap +\\d+s +0 +0 +0 +\\S+ +\\S+ +0 \\?"));
            assertThat(metrics("0123456789abcdef"))
                    .contains("sallyport_relay_state{relay=\"two\",state=\"bootstrapping\"} 1\n");
            assertThat(metrics("0123456789abcdee")).isEmpty();
            Config status = json("status");
            assertThat(status.getInt("schema")).isEqualTo(1);
            assertThat(status.getLong("process.pid")).isEqualTo(process.pid());

            assertThat(run("relay", "drain", "one", "--within", "5")).isZero();
            assertThat(out.toString()).startsWith("one: drains, 5 s at most\nnext: sallyport relay list --config ");
            process.awaitLine("INFO one state: draining");
            process.awaitLine("INFO one state: stopped");
            assertThat(run("relay", "stop", "one", "two")).isEqualTo(4);
            assertThat(out.toString()).contains("one: refused: it does not run: stopped", "two: has stopped");
            assertThat(run("relay", "stop", "one")).isEqualTo(3);
            assertThat(run("relay", "stop", "three")).isEqualTo(ExitCode.ERROR);
            assertThat(err.toString()).contains("no relay three; the relays are one, two");

            assertThat(run("relay", "start", "one", "two")).isZero();
            process.awaitLine("state: bootstrapping, was starting");
            process.awaitLine("state: bootstrapping, was starting");
            assertThat(run("relay", "restart", "one", "two", "--within", "5")).isZero();
            assertThat(out.toString()).startsWith("one: restarts, 1 more follow\n");
            process.awaitLine("INFO one state: bootstrapping, was starting");
            process.awaitLine("INFO two state: draining");
            process.awaitLine("INFO two state: bootstrapping, was starting");

            assertThat(run("relay", "list")).isZero();
            assertThat(out.toString()).startsWith("RELAY ").contains("\none ", "\ntwo ");
            assertThat(run("relay", "show", "two")).isZero();
            assertThat(out.toString()).startsWith("two\n").contains("we believe", "the consensus says");
            assertThat(json("relay", "show", "one")
                            .getConfigList("relays")
                            .getFirst()
                            .getString("id"))
                    .isEqualTo("one");
            assertThat(run("top", "--once")).isZero();
            assertThat(out.toString())
                    .startsWith("sallyport ")
                    .contains("RELAY ")
                    .doesNotContain("\033");

            process.signal("TERM");
            assertThat(process.awaitExit()).isZero();
        }
        assertThat(directory.resolve("data/control.socket")).doesNotExist();
        assertThat(json("status").getString("outcome")).isEqualTo("error");
    }

    private String metrics(String token) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(page)
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private Config json(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        run(all.toArray(String[]::new));
        assertThat(out.toString().lines()).hasSize(1);
        return ConfigFactory.parseString(out.toString());
    }

    private int run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", file.toString()));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private Path config(String... nicknames) throws IOException {
        metricsPort = FreePorts.next();
        Path token = Files.writeString(directory.resolve("metrics.token"), "0123456789abcdef\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        StringBuilder relays = new StringBuilder();
        for (String nickname : nicknames) {
            relays.append("{ nickname = ")
                    .append(nickname)
                    .append(", address = 127.0.0.1, or-port = ")
                    .append(FreePorts.next())
                    .append(" }\n");
        }
        return Files.writeString(
                directory.resolve("sallyport.conf"), """
                data-directory = "%s/data"
                network { kind = testing, authorities = [
                  "nobody orport=1 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:1 89ABCDEF0123456789ABCDEF0123456789ABCDEF"
                ] }
                process.metrics { listen = "127.0.0.1:%d", token-file = "%s" }
                relays = [ %s ]
                """.formatted(directory, metricsPort, token, relays));
    }
}
