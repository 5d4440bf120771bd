package sallyport.lab.network;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sallyport.lab.process.Leash;
import sallyport.lab.process.Programs;
import sallyport.lab.traffic.TestDns;

/// A running Tor network of real C tor on loopback, with a name server of its own.
///
/// Lives in one temporary directory and one random /24 of 127/8, so several networks run side by side. Gone without a
/// trace when closed, and in any other way in which this JVM may end ([Leash]). Linux only.
///
/// ```java
/// try (PrivateNetwork network = PrivateNetwork.plan().exits(1).start()) { … }
/// ```
public final class PrivateNetwork implements AutoCloseable {
    /// Set this system property to a directory, and each network leaves its logs there when it closes.
    public static final String KEEP_LOGS = "sallyport.lab.keep-logs";

    private static final long POLL_MILLIS = 100;

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
            keepLogs(plan, leash);
            leash.close();
            throw e;
        }
    }

    private static PrivateNetwork start(NetworkPlan plan, Leash leash) throws IOException, InterruptedException {
        Loopback loopback = Loopback.take();
        try {
            TestDns dns = startDns(loopback.freshAddress());
            try {
                Nodes nodes = new Nodes(plan, leash, loopback, dns);
                new Startup(plan, nodes).run();
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

    /// The arguments of torrc's DirAuthority, one an authority, verbatim: what a relay of ours trusts.
    public List<String> authorityLines() {
        return nodes.authorityLines();
    }

    /// The name server that the exits of C tor use; answers what the test puts in. On port 53 where we may bind it
    /// (as root), else on another: then the exits of C tor have no working resolver, and ours still have.
    public TestDns dns() {
        return dns;
    }

    /// Where processes of the test may put files and run; gone with the network.
    public Leash leash() {
        return leash;
    }

    /// A loopback address that nobody else uses, in this network's /24.
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

    /// Waits until a majority of authorities has a consensus that lists this relay with all of these flags.
    ///
    /// @param fingerprint 40 upper-case hex digits
    public void awaitListed(String fingerprint, Set<String> flags, Duration timeout)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long agreeing = authorities().stream()
                    .map(authority -> Consensus.of(authority).flags(fingerprint))
                    .filter(found -> found.containsAll(flags))
                    .count();
            if (agreeing > authorities().size() / 2) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the consensus lists " + fingerprint + " not with " + flags + " after "
                        + timeout.toSeconds() + " s but with " + consensus().flags(fingerprint));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// The consensus as the first authority has it right now.
    public Consensus consensus() {
        return Consensus.of(authorities().getFirst());
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
        keepLogs(plan, leash);
        leash.close();
        try {
            dns.close();
            loopback.close();
        } catch (IOException e) {
            throw new IllegalStateException("a listening socket does not close", e);
        }
    }

    private static TestDns startDns(String address) throws IOException {
        try {
            return TestDns.start(address, TestDns.PORT);
        } catch (IOException notRoot) {
            return TestDns.start(address, 0);
        }
    }

    private static void keepLogs(NetworkPlan plan, Leash leash) {
        String keep = System.getProperty(KEEP_LOGS);
        if (keep == null) {
            return;
        }
        try {
            KeptLogs.copy(leash.directory(), Path.of(keep));
        } catch (IOException e) {
            plan.progress.accept("the logs could not be kept: " + e);
        }
    }
}
