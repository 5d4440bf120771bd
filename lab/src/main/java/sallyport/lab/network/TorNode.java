package sallyport.lab.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.process.Leash;

/// One C tor process of a [PrivateNetwork], and what can be known of it from outside.
public final class TorNode {
    /// What a node does in the network.
    public enum Role {
        AUTHORITY,
        RELAY,
        EXIT,
        CLIENT
    }

    /// Where a node lives.
    ///
    /// @param address an address of its own in 127/8
    /// @param dirPort authorities only, else 0
    /// @param socksPort clients only, else 0
    /// @param directory torrc, logs, and C tor's DataDirectory in `data`
    public record Place(
            String nickname,
            Role role,
            String address,
            int orPort,
            int dirPort,
            int controlPort,
            int socksPort,
            Path directory) {}

    private static final Pattern WARNING = Pattern.compile("^\\S+ \\S+ \\S+ \\[(warn|err)] ");

    private final Place place;
    private final Leash leash;
    private final List<String> command;
    private @Nullable Process process;

    TorNode(Place place, Leash leash, List<String> command) {
        this.place = place;
        this.leash = leash;
        this.command = List.copyOf(command);
    }

    /// Where it lives.
    public Place place() {
        return place;
    }

    /// Its nickname in the consensus.
    public String nickname() {
        return place.nickname();
    }

    /// The SOCKS port of a client.
    public InetSocketAddress socks() {
        return new InetSocketAddress(place.address(), place.socksPort());
    }

    /// Its RSA identity, 40 upper-case hex digits; relays and authorities only, known once it has started.
    public String fingerprint() throws IOException {
        return Files.readString(data().resolve("fingerprint")).strip().split(" ", -1)[1];
    }

    /// C tor's DataDirectory.
    public Path data() {
        return place.directory().resolve("data");
    }

    /// Every log line from notice upward so far.
    public List<String> notices() throws IOException {
        return linesOf("notice.log");
    }

    /// Every log line from info upward so far; the file is large.
    public List<String> infos() throws IOException {
        return linesOf("info.log");
    }

    /// What it wrote on stdout and stderr, which it does only before it knows its log files.
    public List<String> output() throws IOException {
        return linesOf("output.log");
    }

    /// The warnings and errors so far.
    public List<String> warnings() throws IOException {
        return notices().stream().filter(line -> WARNING.matcher(line).find()).toList();
    }

    /// A new connection to its control port. The caller closes it.
    public ControlClient control() throws IOException, InterruptedException {
        return ControlClient.connect(
                new InetSocketAddress(place.address(), place.controlPort()), data().resolve("control_auth_cookie"));
    }

    /// Takes over this client's circuits. The caller closes the driver; a client has one at a time.
    public CircuitDriver drive() throws IOException, InterruptedException {
        return new CircuitDriver(control(), socks());
    }

    /// The process id.
    public long pid() {
        return running().pid();
    }

    /// Whether the process runs.
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// Stops the process like SIGTERM does, and waits for its end.
    public void stop() throws InterruptedException {
        Process stopping = running();
        stopping.destroy();
        if (!stopping.waitFor(10, TimeUnit.SECONDS)) {
            stopping.destroyForcibly().waitFor();
        }
    }

    /// Starts the process; again, after [#stop()], with the keys and the state it had.
    public void start() throws IOException {
        process = leash.start(new ProcessBuilder(command)
                .directory(place.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(place.directory().resolve("output.log").toFile()));
    }

    @Override
    public String toString() {
        return place.nickname();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(place.nickname() + " was never started");
        }
        return process;
    }

    private List<String> linesOf(String file) throws IOException {
        Path path = place.directory().resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }
}
