package sallyport.lab.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.lab.control.ControlClient;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.TestDns;

/// A private network with an exit of C tor and one of ours, as alike as their configurations can make them.
public final class HostileNetwork implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int OR_PORT = 9_001;
    private static final int REFUSED_PORT = 8_123;
    private static final long POLL_MILLIS = 100;

    private final PrivateNetwork network;
    private final SallyportProcess sallyport;
    private final List<SallyportConfig.Relay> relays;
    private final List<Subject> subjects;
    private final Surroundings surroundings;

    private HostileNetwork(PrivateNetwork network, SallyportProcess sallyport, List<SallyportConfig.Relay> relays)
            throws IOException, InterruptedException {
        this.network = network;
        this.sallyport = sallyport;
        this.relays = relays;
        List<Identity> ours = sallyport.identities();
        sallyport.awaitLine(line -> line.contains("consensus"), PATIENCE);
        RelayFacts entry = facts(network.relays().getFirst().fingerprint());
        this.subjects = List.of(
                new Subject(
                        Subject.Kind.C_TOR,
                        facts(network.exits().getFirst().fingerprint()),
                        facts(network.exits().getLast().fingerprint())),
                new Subject(
                        Subject.Kind.SALLYPORT,
                        facts(ours.getFirst().fingerprint()),
                        facts(ours.getLast().fingerprint())));
        this.surroundings = new Surroundings(
                entry,
                network.relays().getLast().data().resolve("keys"),
                InetAddress.ofLiteral(network.freshAddress()),
                REFUSED_PORT);
    }

    /// Starts the network, and returns when both exits know the consensus and the authorities know both.
    ///
    /// @param onAuthorities torrc lines of theirs, such as `ConsensusParams …`
    public static HostileNetwork start(Consumer<String> progress, String... onAuthorities)
            throws IOException, InterruptedException {
        PrivateNetwork network = PrivateNetwork.plan()
                .relays(2)
                .exits(1)
                .exitWith("ExitPolicyRejectPrivate 1")
                .clients(0)
                .onAuthorities(onAuthorities)
                .onExits("ExitPolicy reject *:" + REFUSED_PORT)
                .progress(progress)
                .start();
        try {
            putNames(network);
            String address = network.freshAddress();
            String guarded = network.freshAddress();
            List<SallyportConfig.Relay> relays = List.of(
                    SallyportConfig.Relay.exit("sally", address, OR_PORT, address)
                            .withPolicy("reject *:" + REFUSED_PORT, "accept *:*"),
                    SallyportConfig.Relay.exit("guarded", guarded, OR_PORT, guarded)
                            .with("exit-policy-reject-private = true"));
            SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", config(network, relays));
            return new HostileNetwork(network, sallyport, relays);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /// The relay under test of this kind.
    public Subject subject(Subject.Kind kind) {
        return subjects.stream()
                .filter(subject -> subject.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    /// What is there besides them.
    public Surroundings surroundings() {
        return surroundings;
    }

    /// An address that nobody has dialed from.
    public InetAddress freshAddress() {
        return InetAddress.ofLiteral(network.freshAddress());
    }

    /// Gives the subject a quota (C tor's AccountingMax) of which nothing is used yet.
    public void giveQuota(Subject.Kind kind, int mebibytes) throws IOException, InterruptedException {
        switch (kind) {
            case C_TOR -> {
                try (ControlClient control = network.exits().getFirst().control()) {
                    control.setConf("AccountingMax=\"" + mebibytes + " MBytes\"");
                }
            }
            case SALLYPORT -> {
                List<SallyportConfig.Relay> metered =
                        List.of(relays.getFirst().with("accounting { max = " + mebibytes + " MiB }"), relays.getLast());
                Files.writeString(
                        sallyport.configFile(), config(network, metered).text());
                sallyport.reload();
                sallyport.awaitLine(line -> line.contains("accounting took effect"), PATIENCE);
            }
        }
    }

    /// What our process printed.
    public List<String> lines() {
        return sallyport.lines();
    }

    @Override
    public void close() {
        sallyport.close();
        network.close();
    }

    private static SallyportConfig config(PrivateNetwork network, List<SallyportConfig.Relay> relays) {
        return new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                relays,
                List.of());
    }

    private static void putNames(PrivateNetwork network) {
        network.dns()
                .put("one.example", "192.0.2.1")
                .put("inside.example", "10.1.2.3")
                .put("both.example", "192.0.2.1", "2001:db8::1")
                .put("six.example", "2001:db8::1")
                .pointer("192.0.2.9", "nine.example")
                .fail("broken.example", TestDns.SERVFAIL);
    }

    private RelayFacts facts(String fingerprint) throws IOException, InterruptedException {
        TorNode authority = network.authorities().getFirst();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (ControlClient control = authority.control()) {
            while (true) {
                @Nullable String descriptor = control.infoIfKnown("desc/id/" + fingerprint);
                if (descriptor != null) {
                    return RelayFacts.ofDescriptor(descriptor);
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("no descriptor of " + fingerprint + " after " + PATIENCE.toSeconds() + " s");
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }
}
