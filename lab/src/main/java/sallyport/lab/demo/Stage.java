package sallyport.lab.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authority;
import sallyport.lab.network.LabNetwork;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Forwarder;
import sallyport.lab.traffic.TestServer;

/// The private network, a web site in it, and one process of ours with exits that the network lists. Gone
/// without a trace when closed.
final class Stage implements AutoCloseable {
    /// The name of the web site.
    static final String SITE = "website.example";

    private static final Set<String> FLAGS = Set.of("Running", "Valid", "Exit");
    // Ours: a start, a self-test or a few seconds without, and two votes; four times that on a busy machine.
    private static final Duration LISTED_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration PERFORMANCE_MAX = Duration.ofMinutes(15);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(20);

    private final Progress progress;
    private final Peer peer;
    private final LabNetwork network;
    private final TestServer site;
    private final Places places;
    private final SallyportProcess sallyport;
    private final List<Exit> exits;
    private @Nullable Forwarder front;

    /// One exit of ours.
    ///
    /// @param source from where servers are to see it
    record Exit(Identity identity, String source) {
        String id() {
            return identity.id();
        }

        String name() {
            return identity.nickname();
        }

        String fingerprint() {
            return identity.fingerprint();
        }
    }

    /// What stands in front of the last exit, if anything.
    enum Front {
        NOTHING,
        /// The address it publishes belongs to somebody who hands connections on, and can be cut.
        FORWARDER
    }

    private Stage(
            Progress progress,
            Peer peer,
            LabNetwork network,
            TestServer site,
            Front front,
            Places places,
            SallyportProcess sallyport)
            throws IOException, InterruptedException {
        this.progress = progress;
        this.peer = peer;
        this.network = network;
        this.site = site;
        this.places = places;
        this.sallyport = sallyport;
        List<Exit> all = new ArrayList<>();
        for (Identity identity : sallyport.identities()) {
            all.add(new Exit(identity, places.sources().get(all.size())));
        }
        this.exits = List.copyOf(all);
        if (front == Front.FORWARDER) {
            mend();
        }
    }

    /// How many steps [#set] tells of.
    static int steps(int exits) {
        return 6 + exits;
    }

    /// Starts everything and returns when our exits are in the consensus.
    ///
    /// @param count how many exits of ours there are to be
    /// @param open how long it is to stay up afterwards
    static Stage set(Peer peer, int count, Front front, Duration open, Progress progress)
            throws IOException, InterruptedException {
        FreeMemory.require(count);
        LabNetwork network = peer.start(open.plus(PERFORMANCE_MAX), progress::step);
        try {
            TestServer site = TestServer.start(network.freshAddress());
            try {
                return set(peer, network, site, count, front, progress);
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                site.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private static Stage set(Peer peer, LabNetwork network, TestServer site, int count, Front front, Progress progress)
            throws IOException, InterruptedException {
        network.dns().put(SITE, site.address().getAddress().getHostAddress());
        progress.step("starting Sallyport: one process, " + (count == 1 ? "1 exit" : count + " exits"));
        Places places = Places.take(network, count, front);
        SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", places.config(network));
        Stage stage = new Stage(progress, peer, network, site, front, places, sallyport);
        for (Exit exit : stage.exits) {
            stage.awaitListed(exit);
            progress.step(exit.name() + " is in the consensus: "
                    + network.consensus().flags(exit.fingerprint()).stream()
                            .sorted()
                            .toList());
        }
        return stage;
    }

    Progress progress() {
        return progress;
    }

    /// Of what the network is.
    Peer peer() {
        return peer;
    }

    LabNetwork network() {
        return network;
    }

    TestServer site() {
        return site;
    }

    SallyportProcess sallyport() {
        return sallyport;
    }

    List<Exit> exits() {
        return exits;
    }

    /// Where Prometheus would ask.
    String metrics() {
        return places.metrics();
    }

    Path tokenFile() {
        return Places.tokenFile(network);
    }

    Path dataDirectory() {
        return Places.dataDirectory(network);
    }

    /// Cuts the address of the last exit, which has a forwarder in front: connections there end, and none
    /// is taken.
    void cut() throws IOException {
        Forwarder standing = front;
        if (standing != null) {
            standing.close();
            front = null;
        }
    }

    /// The address is back.
    void mend() throws IOException {
        front = Forwarder.start(
                places.published().getLast(), Places.OR_PORT, new InetSocketAddress(places.behind(), Places.OR_PORT));
    }

    /// Whom embedded clients of this network trust.
    List<Authority> authorities() throws IOException {
        List<Authority> authorities = new ArrayList<>();
        for (String line : network.authorityLines()) {
            try {
                authorities.add(Authority.parse(line));
            } catch (Malformed e) {
                throw new IOException("an authority's line cannot be read", e);
            }
        }
        return authorities;
    }

    /// The descriptor of an exit, as an authority has it.
    String descriptor(Exit exit) throws IOException {
        InetSocketAddress authority = authorities().getFirst().dirAddress().socket();
        var connection = URI.create("http://" + authority.getAddress().getHostAddress() + ":" + authority.getPort()
                        + "/tor/server/fp/" + exit.fingerprint())
                .toURL()
                .openConnection();
        connection.setConnectTimeout((int) FETCH_TIMEOUT.toMillis());
        connection.setReadTimeout((int) FETCH_TIMEOUT.toMillis());
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        try {
            cut();
            site.close();
        } catch (IOException e) {
            progress.say("a listening socket does not close: " + e.getMessage());
        } finally {
            network.close();
            progress.say("everything is stopped and removed");
        }
    }

    private void awaitListed(Exit exit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LISTED_TIMEOUT.toNanos();
        while (!network.consensus().flags(exit.fingerprint()).containsAll(FLAGS)) {
            if (!sallyport.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(exit.name() + " does not come into the consensus; " + sallyport.lastWords());
            }
            Thread.sleep(200);
        }
    }
}
