package sallyport.lab.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.process.Leash;
import sallyport.lab.process.Programs;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestDns;

/// A running Tor network of real C tor on loopback, with a name server of its own.
///
/// Lives in one temporary directory and one random /24 of 127/8, so several networks run side by side.
/// Gone without a trace when closed, and in any other way in which this JVM may end ([Leash]). Linux
/// only.
///
/// ```java
/// try (PrivateNetwork network = PrivateNetwork.plan().exits(1).start()) { … }
/// ```
public final class PrivateNetwork implements LabNetwork {
    /// Set this system property to a directory, and each network leaves its logs there when it closes.
    public static final String KEEP_LOGS = "sallyport.lab.keep-logs";

    private static final Duration CIRCUIT_TIMEOUT = Duration.ofSeconds(60);

    private final NetworkPlan plan;
    private final Leash leash;
    private final Loopback loopback;
    private final TestDns dns;
    private final Nodes nodes;

    private PrivateNetwork(NetworkPlan plan, Leash leash, Loopback loopback, TestDns dns, Nodes nodes) {
        this.plan = plan;
        this.leash = leash;
        this.loopback = loopback;
        this.dns = dns;
        this.nodes = nodes;
    }

    /// A plan with the defaults: three authorities, three relays, one client.
    public static NetworkPlan plan() {
        return new NetworkPlan();
    }

    static PrivateNetwork start(NetworkPlan plan) throws IOException, InterruptedException {
        // First, so that nothing is made where C tor is missing.
        Programs.tor();
        Leash leash = Leash.fresh("sallyport-net-", plan.lifetime);
        try {
            return start(plan, leash);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            keepLogs(leash, plan.progress);
            leash.close();
            throw e;
        }
    }

    private static PrivateNetwork start(NetworkPlan plan, Leash leash) throws IOException, InterruptedException {
        Loopback loopback = Loopback.take();
        try {
            TestDns dns = TestDns.start(loopback.freshAddress());
            try {
                Nodes nodes = new Nodes(plan, leash, loopback, dns);
                try {
                    new Startup(plan, nodes).run();
                } catch (IOException | InterruptedException | RuntimeException | Error e) {
                    nodes.embedded().forEach(EmbeddedAuthority::close);
                    throw e;
                }
                return new PrivateNetwork(plan, leash, loopback, dns, nodes);
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                dns.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            loopback.close();
            throw e;
        }
    }

    /// The directory authorities.
    public List<TorNode> authorities() {
        return nodes.of(TorNode.Role.AUTHORITY);
    }

    /// The directory authorities of ours, beside C tor's or in their place.
    public List<EmbeddedAuthority> embeddedAuthorities() {
        return nodes.embedded();
    }

    /// The relays that are neither authorities nor exits.
    public List<TorNode> relays() {
        return nodes.of(TorNode.Role.RELAY);
    }

    /// The exits of C tor.
    public List<TorNode> exits() {
        return nodes.of(TorNode.Role.EXIT);
    }

    /// The clients.
    public List<TorNode> clients() {
        return nodes.of(TorNode.Role.CLIENT);
    }

    /// The first client.
    public TorNode client() {
        return clients().getFirst();
    }

    /// Every node.
    public List<TorNode> nodes() {
        return nodes.all();
    }

    @Override
    public List<String> authorityLines() {
        return nodes.authorityLines();
    }

    /// The name server that the exits of C tor use; answers what the test puts in. On port 53 where we
    /// may bind it (as root), else on another: then the exits of C tor have no working resolver, and ours
    /// still have.
    @Override
    public TestDns dns() {
        return dns;
    }

    @Override
    public Leash leash() {
        return leash;
    }

    @Override
    public String freshAddress() {
        return loopback.freshAddress();
    }

    /// Starts one more client and waits until it is ready.
    public TorNode addClient(String... torrcLines) throws IOException, InterruptedException {
        TorNode client = nodes.add(TorNode.Role.CLIENT, List.of(torrcLines));
        client.start();
        new Startup(plan, nodes).awaitBootstrap(client);
        return client;
    }

    /// Starts more exits at once, and does not wait for them.
    public List<TorNode> addExits(int count) throws IOException {
        List<TorNode> exits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TorNode exit = nodes.add(TorNode.Role.EXIT, List.of());
            exit.start();
            exits.add(exit);
        }
        return exits;
    }

    /// Until the exits of the plan know it, too.
    @Override
    public void awaitListed(String fingerprint, Set<String> flags, Duration timeout)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Listing.await(nodes::consensuses, fingerprint, flags, timeout);
        // An exit takes no stream from a relay that it does not know.
        for (TorNode exit : nodes.of(TorNode.Role.EXIT).subList(0, plan.exits)) {
            if (exit.isAlive()) {
                try (ControlClient control = exit.control()) {
                    Listing.awaitKnown(control, exit, fingerprint, deadline);
                }
            }
        }
    }

    /// The consensus as the first authority has it right now.
    @Override
    public Consensus consensus() {
        return nodes.consensuses().getFirst();
    }

    @Override
    public InetSocketAddress socks() {
        return client().socks();
    }

    /// Over two of the relays that are no exits.
    @Override
    public WayOut through(String fingerprint) throws IOException, InterruptedException {
        List<String> path = new ArrayList<>();
        for (TorNode relay : relays().subList(0, 2)) {
            path.add(relay.fingerprint());
        }
        path.add(fingerprint);
        CircuitDriver driver = client().drive();
        try {
            return new DrivenWayOut(driver, driver.build(path, CIRCUIT_TIMEOUT));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            driver.close();
            throw e;
        }
    }

    private record DrivenWayOut(CircuitDriver driver, DrivenCircuit circuit) implements WayOut {
        @Override
        public SocksFetch fetch() {
            return circuit.fetch();
        }

        @Override
        public void close() {
            circuit.close();
            driver.close();
        }
    }

    /// The warnings of every node so far, by node; nodes without any are left out.
    public Map<TorNode, List<String>> warnings() throws IOException {
        Map<TorNode, List<String>> all = new LinkedHashMap<>();
        for (TorNode node : nodes()) {
            List<String> warnings = node.warnings();
            if (!warnings.isEmpty()) {
                all.put(node, warnings);
            }
        }
        return all;
    }

    /// Ends every process, removes every file.
    @Override
    public void close() {
        nodes.embedded().forEach(EmbeddedAuthority::close);
        keepLogs(leash, plan.progress);
        leash.close();
        try {
            dns.close();
            loopback.close();
        } catch (IOException e) {
            throw new IllegalStateException("a listening socket does not close", e);
        }
    }

    static void keepLogs(Leash leash, Consumer<String> progress) {
        String keep = System.getProperty(KEEP_LOGS);
        if (keep == null) {
            return;
        }
        try {
            KeptLogs.copy(leash.directory(), Path.of(keep));
        } catch (IOException e) {
            progress.accept("the logs could not be kept: " + e);
        }
    }
}
