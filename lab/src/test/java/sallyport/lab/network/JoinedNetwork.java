package sallyport.lab.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.TestServer;

/// A private network that a process of ours has joined, and a server to reach through it: what the tests of one class
/// share. Whoever makes one closes it.
public final class JoinedNetwork implements AutoCloseable {
    private final PrivateNetwork network;
    private final TestServer server;
    private final SallyportProcess sallyport;
    private final List<Identity> identities;

    private JoinedNetwork(
            PrivateNetwork network, TestServer server, SallyportProcess sallyport, List<Identity> identities) {
        this.network = network;
        this.server = server;
        this.sallyport = sallyport;
        this.identities = identities;
    }

    /// Starts the network, a server in it, and our process; returns when our relays have their identities. Progress
    /// goes
    /// to stderr.
    ///
    /// @param relays ours, whose addresses are the network's to give
    /// @param more lines of our configuration beyond them
    public static JoinedNetwork start(
            NetworkPlan plan, Function<PrivateNetwork, List<SallyportConfig.Relay>> relays, String... more)
            throws Exception {
        // The last opened first, whatever fails on the way.
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            PrivateNetwork network = plan.progress(System.err::println).start();
            opened.add(network);
            TestServer server = TestServer.start(network.freshAddress());
            opened.add(server);
            SallyportProcess sallyport = SallyportProcess.start(
                    network.leash(),
                    "sallyport",
                    new SallyportConfig(
                            network.leash().directory().resolve("sallyport").resolve("data"),
                            network.authorityLines(),
                            List.of(network.dns().hostPort()),
                            relays.apply(network),
                            Arrays.asList(more)));
            opened.add(sallyport);
            return new JoinedNetwork(network, server, sallyport, sallyport.identities());
        } catch (Exception | Error e) {
            for (AutoCloseable each : opened.reversed()) {
                each.close();
            }
            throw e;
        }
    }

    public PrivateNetwork network() {
        return network;
    }

    public TestServer server() {
        return server;
    }

    public SallyportProcess sallyport() {
        return sallyport;
    }

    /// Our relays, in the order of the configuration.
    public List<Identity> identities() {
        return identities;
    }

    /// Prints what our process said, and ends everything.
    @Override
    public void close() throws Exception {
        System.err.println(String.join("\n", sallyport.lines()));
        sallyport.close();
        server.close();
        network.close();
    }
}
