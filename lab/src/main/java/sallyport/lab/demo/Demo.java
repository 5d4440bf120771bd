package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.Loopback;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.TestServer;

/// One performance of the demo.
final class Demo implements AutoCloseable {
    private static final int OR_PORT = 9_001;
    private static final int METRICS_PORT = 9_035;
    private static final int TOKEN_BYTES = 16;
    private static final long FETCH_BYTES = 1 << 20;
    private static final String SITE = "website.example";
    private static final Set<String> FLAGS = Set.of("Running", "Valid", "Exit");
    // Ours: a start, a self-test or a few seconds without, and two votes; four times that on a busy machine.
    private static final Duration LISTED_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration CIRCUIT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PERFORMANCE_MAX = Duration.ofMinutes(10);

    private final int count;
    private final PrintWriter out;
    private final PrintWriter err;
    private final long begin = System.nanoTime();
    private @Nullable PrivateNetwork network;
    private @Nullable TestServer server;
    private List<Identity> exits = List.of();
    private String metrics = "";
    private final List<String> sources = new ArrayList<>();

    /// @param count how many exits of ours there are to be
    Demo(int count, PrintWriter out, PrintWriter err) {
        this.count = count;
        this.out = out;
        this.err = err;
    }

    /// Starts everything and returns when our exits are in the consensus.
    ///
    /// @param open how long it is to stay up afterwards
    void bringUp(Duration open) throws IOException, InterruptedException {
        PrivateNetwork up = PrivateNetwork.plan()
                .lifetime(open.plus(PERFORMANCE_MAX))
                .progress(this::progress)
                .start();
        network = up;
        TestServer site = TestServer.start(up.freshAddress());
        server = site;
        up.dns().put(SITE, site.address().getAddress().getHostAddress());
        progress("starting Sallyport: one process, " + (count == 1 ? "1 exit" : count + " exits"));
        SallyportProcess sallyport = SallyportProcess.start(up.leash(), "sallyport", config(up));
        exits = sallyport.identities();
        for (Identity exit : exits) {
            awaitListed(up, sallyport, exit);
            progress(exit.nickname() + " is in the consensus: "
                    + up.consensus().flags(exit.fingerprint()).stream().sorted().toList());
        }
    }

    /// Fetches a page through each exit and prints what came of it.
    ///
    /// @return whether everything arrived as it was sent, from the address it should have come from
    boolean fetchThroughEachExit() throws IOException, InterruptedException {
        PrivateNetwork up = up();
        TestServer site = site();
        String expected = site.sha256(FETCH_BYTES);
        boolean all = true;
        try (CircuitDriver driver = up.client().drive()) {
            for (int i = 0; i < exits.size(); i++) {
                Identity exit = exits.get(i);
                List<TorNode> relays = up.relays();
                List<String> path = List.of(
                        relays.get(i % relays.size()).fingerprint(),
                        relays.get((i + 1) % relays.size()).fingerprint(),
                        exit.fingerprint());
                try (DrivenCircuit circuit = driver.build(path, CIRCUIT_TIMEOUT)) {
                    long start = System.nanoTime();
                    Fetched page = circuit.fetch().get(SITE, site.port(), "/bytes/" + FETCH_BYTES);
                    long millis = (System.nanoTime() - start) / 1_000_000;
                    String source = circuit.fetch()
                            .get(SITE, site.port(), "/source")
                            .text()
                            .strip();
                    boolean exact = page.sha256().equals(expected) && page.length() == FETCH_BYTES;
                    boolean right = source.equals(sources.get(i));
                    all &= exact && right;
                    out.println(exit.nickname() + "  " + exit.fingerprint() + "  " + page.length() + " bytes "
                            + (exact ? "as sent" : "NOT AS SENT") + " in " + millis + " ms, the server saw " + source
                            + (right ? "" : " INSTEAD OF " + sources.get(i)));
                } catch (IOException e) {
                    all = false;
                    out.println(exit.nickname() + "  " + exit.fingerprint() + "  FAILED: " + e.getMessage());
                }
            }
        }
        return all && exits.size() == count;
    }

    /// Leaves the SOCKS port to whoever wants to try it.
    void leaveOpen(Duration open, boolean untilCtrlC) throws InterruptedException {
        if (open.isZero()) {
            return;
        }
        String socks =
                up().client().place().address() + ":" + up().client().place().socksPort();
        String site = SITE + ":" + site().port();
        String process = " --data-directory " + dataDirectory(up());
        out.println();
        out.println("It is yours to try, in another terminal:");
        next("a page through an exit", "curl --socks5-hostname " + socks + " http://" + site + "/source");
        next(
                "users, ten a second",
                "./sallyport load --socks " + socks + " --mix web=2,chat=4,resolve=4 --name " + SITE);
        next("what the relays do", "./sallyport top" + process);
        next("one of them", "./sallyport relay show " + exits.getFirst().id() + process);
        next(
                "it leaves, and comes back",
                "./sallyport relay restart " + exits.getFirst().id() + " --within 20" + process);
        next(
                "metrics for Prometheus",
                "curl -H \"Authorization: Bearer $(cat " + tokenFile(up()) + ")\" http://" + metrics + "/metrics");
        out.flush();
        progress("the network stays up " + (untilCtrlC ? "until Ctrl-C" : "for " + open.toSeconds() + " s"));
        Thread.sleep(open);
    }

    private void next(String what, String command) {
        out.println("  # " + what);
        out.println("  " + command);
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            progress("the web server does not close: " + e.getMessage());
        } finally {
            if (network != null) {
                network.close();
                progress("everything is stopped and removed");
            }
        }
    }

    private static Path dataDirectory(PrivateNetwork up) {
        return up.leash().directory().resolve("sallyport").resolve("data");
    }

    private static Path tokenFile(PrivateNetwork up) {
        return up.leash().directory().resolve("metrics.token");
    }

    /// Only for this demo: gone with it.
    private static void writeToken(Path file) throws IOException {
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(secret) + "\n");
    }

    private SallyportConfig config(PrivateNetwork up) throws IOException {
        writeToken(tokenFile(up));
        String address = up.freshAddress();
        metrics = address + ":" + Loopback.freePort(address, METRICS_PORT);
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String source = up.freshAddress();
            sources.add(source);
            relays.add(SallyportConfig.Relay.exit("sally" + i, up.freshAddress(), OR_PORT, source));
        }
        return new SallyportConfig(
                dataDirectory(up),
                up.authorityLines(),
                List.of(up.dns().hostPort()),
                relays,
                List.of("process.metrics { listen = \"" + metrics + "\", token-file = \"" + tokenFile(up) + "\" }"));
    }

    private static void awaitListed(PrivateNetwork up, SallyportProcess sallyport, Identity exit)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LISTED_TIMEOUT.toNanos();
        while (!up.consensus().flags(exit.fingerprint()).containsAll(FLAGS)) {
            if (!sallyport.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(exit.nickname() + " does not come into the consensus; " + sallyport.lastWords());
            }
            Thread.sleep(200);
        }
    }

    private void progress(String line) {
        err.println("[" + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s] " + line);
    }

    private PrivateNetwork up() {
        if (network == null) {
            throw new IllegalStateException("not brought up");
        }
        return network;
    }

    private TestServer site() {
        if (server == null) {
            throw new IllegalStateException("not brought up");
        }
        return server;
    }
}
