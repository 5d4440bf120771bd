package sallyport.lab.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import sallyport.engine.directory.Authority;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.world.RealWorld;
import sallyport.lab.client.ClientNetwork;
import sallyport.lab.client.ClientSettings;
import sallyport.lab.client.LabClient;
import sallyport.lab.network.LabNetwork.WayOut;
import sallyport.lab.path.PathRules;
import sallyport.lab.socks.SocksPort;
import sallyport.lab.traffic.SocksFetch;

/// The embedded client of an embedded network, and its SOCKS ports.
final class EmbeddedClient implements AutoCloseable {
    private static final int SOCKS_PORT = 9_050;
    // A load comes with many user names, each of which has circuits of its own.
    private static final int CIRCUITS_MAX = 4_000;
    private static final int SPARE_CIRCUITS = 2;
    // Ours: an exit that does not answer is given up in a time that somebody watches.
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
    // Ours: two rounds of voting, on a busy machine.
    private static final Duration KNOWN_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 100;

    private final String address;
    private final RealWorld world;
    private final PrintWriter log;
    private final ClientNetwork network;
    private final SocksPort socks;

    private EmbeddedClient(String address, RealWorld world, PrintWriter log, ClientNetwork network) throws IOException {
        this.address = address;
        this.world = world;
        this.log = log;
        this.network = network;
        LabClient client = network.client(settings("client", Set.of()));
        this.socks =
                SocksPort.listen(world, client, new InetSocketAddress(address, Loopback.freePort(address, SOCKS_PORT)));
    }

    /// Begins to fetch the directory, and listens.
    ///
    /// @param directory for its files and its log
    static EmbeddedClient start(Path directory, String address, List<Authority> authorities) throws IOException {
        Files.createDirectories(directory);
        PrintWriter log = new PrintWriter(Files.newBufferedWriter(directory.resolve("sallyport.log")), true);
        RealWorld world = new RealWorld(
                directory.resolve("data"), 1, (level, of, text) -> log.println(level + " " + of + " " + text));
        try {
            return new EmbeddedClient(address, world, log, ClientNetwork.join(world, authorities, true));
        } catch (KeyFileException e) {
            throw new IOException("no keys for a client", e);
        }
    }

    private static ClientSettings settings(String name, Set<String> exits) {
        return ClientSettings.DEFAULT
                .withName(name)
                .withCircuits(CIRCUITS_MAX, SPARE_CIRCUITS)
                .withOpenLimit(OPEN_LIMIT)
                .withRules(new PathRules(0, /* distinctSubnets= */ false, exits));
    }

    /// Waits until it can choose paths.
    void awaitRelays(Duration limit) throws IOException, InterruptedException {
        try {
            network.awaitRelays(limit);
        } catch (TimeoutException e) {
            throw new IOException("the client knows no relays", e);
        }
    }

    /// Its SOCKS port.
    InetSocketAddress socks() {
        return socks.address();
    }

    /// Another client, that leaves through one exit and no other, and a SOCKS port of its own.
    ///
    /// @param exit its fingerprint, 40 upper-case hex digits
    WayOut through(String exit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + KNOWN_LIMIT.toNanos();
        while (network.relays().all().stream()
                .noneMatch(relay -> relay.fingerprint().equals(exit))) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the client does not know that exit");
            }
            Thread.sleep(POLL_MILLIS);
        }
        LabClient client = network.client(settings("through " + exit, Set.of(exit)));
        SocksPort port = SocksPort.listen(world, client, new InetSocketAddress(address, 0));
        return new WayOut() {
            @Override
            public SocksFetch fetch() {
                return new SocksFetch(port.address());
            }

            @Override
            public void close() {
                port.close();
                client.close();
            }
        };
    }

    @Override
    public void close() {
        try {
            socks.close();
            network.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            world.close();
            log.close();
        }
    }
}
