package sallyport.lab.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import sallyport.lab.network.LabNetwork;
import sallyport.lab.network.Loopback;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportConfig.Relay;

/// The addresses of our process on the stage, and the configuration that follows.
///
/// @param published where others find each exit, port [#OR_PORT]
/// @param sources from where servers are to see each
/// @param behind where the last one listens instead; empty: where it is found
/// @param metrics address and port
record Places(List<String> published, List<String> sources, String behind, String metrics) {
    static final int OR_PORT = 9_001;

    private static final int METRICS_PORT = 9_035;
    private static final int TOKEN_BYTES = 16;

    static Places take(LabNetwork network, int exits, Stage.Front front) throws IOException {
        List<String> published = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < exits; i++) {
            sources.add(network.freshAddress());
            published.add(network.freshAddress());
        }
        String metrics = network.freshAddress();
        return new Places(
                List.copyOf(published),
                List.copyOf(sources),
                front == Stage.Front.FORWARDER ? network.freshAddress() : "",
                metrics + ":" + Loopback.freePort(metrics, METRICS_PORT));
    }

    /// Writes the token of the metrics as well.
    SallyportConfig config(LabNetwork network) throws IOException {
        writeToken(tokenFile(network));
        List<Relay> relays = new ArrayList<>();
        for (int i = 0; i < published.size(); i++) {
            Relay relay = Relay.exit("sally" + (i + 1), published.get(i), OR_PORT, sources.get(i));
            boolean hides = !behind.isEmpty() && i == published.size() - 1;
            relays.add(hides ? relay.with("listen = \"" + behind + "\"") : relay);
        }
        return new SallyportConfig(
                dataDirectory(network),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                relays,
                List.of("process.metrics { listen = \"" + metrics + "\", token-file = \"" + tokenFile(network)
                        + "\" }"));
    }

    static Path dataDirectory(LabNetwork network) {
        return network.leash().directory().resolve("sallyport").resolve("data");
    }

    static Path tokenFile(LabNetwork network) {
        return network.leash().directory().resolve("metrics.token");
    }

    /// Only for this demo: gone with it.
    private static void writeToken(Path file) throws IOException {
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(secret) + "\n");
    }
}
