package sallyport.lab.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.lab.process.Leash;
import sallyport.lab.process.Programs;

/// One process of C tor without a network around it: enough for everything that happens on a single link.
final class LoneTor {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final Process process;

    private LoneTor(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /// @param name of its directory under the leash
    /// @param lines of torrc beyond the usual
    static LoneTor start(Leash leash, String name, String... lines) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(leash.directory().resolve(name));
        List<String> torrc = new ArrayList<>(List.of(
                "TestingTorNetwork 1",
                "DataDirectory " + directory.resolve("data"),
                "Log info file " + directory.resolve("info.log"),
                "Log [handshake,channel,or,circ]debug file " + directory.resolve("debug.log"),
                "SafeLogging 0",
                "ProtocolWarnings 1",
                "__OwningControllerProcess " + ProcessHandle.current().pid(),
                // An authority that answers nobody: there is no network.
                "DirAuthority nobody orport=1 v3ident=0000000000000000000000000000000000000001 "
                        + "127.0.0.1:1 0000000000000000000000000000000000000002"));
        torrc.addAll(List.of(lines));
        Path file = Files.write(directory.resolve("torrc"), torrc);
        Process process = leash.start(new ProcessBuilder(
                        Programs.tor().toString(), "--defaults-torrc", "/dev/null", "-f", file.toString(), "--hush")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile()));
        return new LoneTor(directory, process);
    }

    byte[] rsaDigest() throws Exception {
        awaitFile("data/fingerprint");
        return Hex.decode(
                Files.readString(directory.resolve("data/fingerprint")).strip().split(" ", -1)[1]);
    }

    byte[] ed25519() throws Exception {
        awaitFile("data/keys/ed25519_master_id_public_key");
        byte[] file = Files.readAllBytes(directory.resolve("data/keys/ed25519_master_id_public_key"));
        return Arrays.copyOfRange(file, 32, 64);
    }

    /// The public half of the ntor onion key.
    byte[] onionKey() throws Exception {
        awaitFile("data/keys/secret_onion_key_ntor");
        byte[] file = Files.readAllBytes(directory.resolve("data/keys/secret_onion_key_ntor"));
        return Arrays.copyOfRange(file, 64, 96);
    }

    static RelayAddress address(String ip, int port) {
        RelayAddress address = RelayAddress.parseIp(ip, port);
        if (address == null) {
            throw new IllegalArgumentException(ip);
        }
        return address;
    }

    void awaitInfo(String text) throws Exception {
        awaitLine("info.log", text);
    }

    void awaitDebug(String text) throws Exception {
        awaitLine("debug.log", text);
    }

    /// PADDING cells that came, as C tor tells whoever sends SIGUSR1. Zero while it has told nothing yet.
    long paddingCellsProcessed() throws Exception {
        new ProcessBuilder("kill", "-USR1", Long.toString(process.pid()))
                .start()
                .waitFor();
        Matcher told = Pattern.compile("Cells processed: (\\d+) padding")
                .matcher(Files.readString(directory.resolve("info.log")));
        long last = 0;
        while (told.find()) {
            last = Long.parseLong(told.group(1));
        }
        return last;
    }

    /// Ends it, and with it its links.
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private void awaitFile(String name) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(directory.resolve(name))) {
            check(deadline, name);
        }
    }

    private void awaitLine(String file, String text) throws Exception {
        awaitFile(file);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(directory.resolve(file)).contains(text)) {
            check(deadline, text);
        }
    }

    private void check(long deadline, String awaited) throws Exception {
        if (!process.isAlive() || System.nanoTime() > deadline) {
            throw new AssertionError(
                    "no '" + awaited + "': " + Files.readString(directory.resolve("output.log")) + tail("info.log"));
        }
        Thread.sleep(50);
    }

    private String tail(String file) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(file));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }
}
