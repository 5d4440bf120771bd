package sallyport.lab.directory;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.Programs;

/// A client of C tor that knows one relay to fetch its directory from. It believes the network's authorities, but has
/// addresses for them at which nobody listens; once it knows their real ones, it asks them only where no other
/// directory
/// cache is listed, as C tor does.
final class CacheClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int NOBODY = 1;

    private final Path directory;
    private final Process process;

    private CacheClient(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /// @param name of its directory under the leash
    /// @param cache `address:port` of the relay
    /// @param fingerprint of the relay
    /// @param lines of torrc beyond the usual
    static CacheClient start(PrivateNetwork network, String name, String cache, String fingerprint, String... lines)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectory(network.leash().directory().resolve(name));
        String nowhere = network.freshAddress();
        List<String> torrc = new ArrayList<>(List.of(
                "TestingTorNetwork 1",
                "DataDirectory " + directory.resolve("data"),
                "Log notice file " + directory.resolve("notice.log"),
                "Log info file " + directory.resolve("info.log"),
                "SafeLogging 0",
                "ProtocolWarnings 1",
                "__OwningControllerProcess " + ProcessHandle.current().pid(),
                "SocksPort " + nowhere + ":auto",
                "EnforceDistinctSubnets 0",
                "PathsNeededToBuildCircuits 0.67",
                "UseEntryGuards 0",
                "FallbackDir " + cache + " orport=" + cache.substring(cache.indexOf(':') + 1) + " id=" + fingerprint));
        for (String line : network.authorityLines()) {
            torrc.add("DirAuthority "
                    + line.replaceAll("orport=[0-9]+", "orport=" + NOBODY)
                            .replaceAll("[0-9]+(\\.[0-9]+){3}:[0-9]+", nowhere + ":" + NOBODY));
        }
        torrc.addAll(List.of(lines));
        Path file = Files.write(directory.resolve("torrc"), torrc);
        Process process = network.leash()
                .start(new ProcessBuilder(
                                Programs.tor().toString(),
                                "--defaults-torrc",
                                "/dev/null",
                                "-f",
                                file.toString(),
                                "--hush")
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("output.log").toFile()));
        return new CacheClient(directory, process);
    }

    void awaitNotice(String text) {
        await(text)
                .atMost(PATIENCE)
                .pollInterval(PAUSE)
                .until(() -> !lines("notice.log", text).isEmpty());
    }

    /// Waits for a line from info upward that contains both texts.
    void awaitInfo(String text, String other) {
        await(text)
                .atMost(PATIENCE)
                .pollInterval(PAUSE)
                .until(() -> lines("info.log", text).stream().anyMatch(line -> line.contains(other)));
    }

    /// The lines so far, from info upward, that contain a text.
    List<String> infos(String text) throws IOException {
        return lines("info.log", text);
    }

    /// The warnings so far.
    List<String> warnings() throws IOException {
        return lines("notice.log", "[warn]");
    }

    private List<String> lines(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Predicate<String> contains = line -> line.contains(text);
        return Files.exists(path)
                ? Files.readAllLines(path).stream().filter(contains).toList()
                : List.of();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        int _ = process.waitFor();
    }
}
