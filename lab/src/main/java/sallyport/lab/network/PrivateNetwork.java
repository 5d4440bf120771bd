package sallyport.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sallyport.lab.control.ControlClient;
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

    private static final int OR_PORT = 5_000;
    private static final int DIR_PORT = 7_000;
    private static final int CONTROL_PORT = 9_051;
    private static final int SOCKS_PORT = 9_050;
    private static final long POLL_MILLIS = 100;

    private final NetworkPlan plan;
    private final Leash leash;
    private final Loopback loopback;
    private final TestDns dns;
    private final long deadlineNanos;
    private final Map<TorNode.Role, List<TorNode>> nodes = new EnumMap<>(TorNode.Role.class);
    private final List<String> authorityLines = new ArrayList<>();
    private int votingStartOffsetSeconds;

    private PrivateNetwork(NetworkPlan plan, Leash leash, Loopback loopback, TestDns dns) {
        this.plan = plan;
        this.leash = leash;
        this.loopback = loopback;
        this.dns = dns;
        this.deadlineNanos = System.nanoTime() + plan.patience.toNanos();
        for (TorNode.Role role : TorNode.Role.values()) {
            nodes.put(role, new ArrayList<>());
        }
    }

    /// A plan with the defaults: three authorities, three relays, one client.
    public static NetworkPlan plan() {
        return new NetworkPlan();
    }

    static PrivateNetwork start(NetworkPlan plan) throws IOException, InterruptedException {
        Programs.tor();
        Leash leash = Leash.fresh("sallyport-net-", plan.lifetime);
        PrivateNetwork network = null;
        Loopback loopback = null;
        try {
            loopback = Loopback.take();
            network = new PrivateNetwork(plan, leash, loopback, startDns(loopback));
            network.bringUp();
            return network;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            if (network != null) {
                network.close();
            } else {
                leash.close();
                if (loopback != null) {
                    loopback.close();
                }
            }
            throw e;
        }
    }

    /// The directory authorities.
    public List<TorNode> authorities() {
        return List.copyOf(of(TorNode.Role.AUTHORITY));
    }

    /// The relays that are neither authorities nor exits.
    public List<TorNode> relays() {
        return List.copyOf(of(TorNode.Role.RELAY));
    }

    /// The exits of C tor.
    public List<TorNode> exits() {
        return List.copyOf(of(TorNode.Role.EXIT));
    }

    /// The clients.
    public List<TorNode> clients() {
        return List.copyOf(of(TorNode.Role.CLIENT));
    }

    /// The first client.
    public TorNode client() {
        return clients().getFirst();
    }

    /// Every node.
    public List<TorNode> nodes() {
        return Stream.of(TorNode.Role.values())
                .flatMap(role -> of(role).stream())
                .toList();
    }

    /// The arguments of torrc's DirAuthority, one an authority, verbatim: what a relay of ours trusts.
    public List<String> authorityLines() {
        return List.copyOf(authorityLines);
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
        TorNode client = add(TorNode.Role.CLIENT, List.of(torrcLines));
        client.start();
        awaitBootstrap(client, System.nanoTime() + plan.patience.toNanos());
        return client;
    }

    /// Waits until a majority of authorities lists this relay with all of these flags in the consensus.
    ///
    /// @param fingerprint 40 hex digits
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
                throw new IOException("the consensus does not list " + fingerprint + " with " + flags + " after "
                        + timeout.toSeconds() + " s but with "
                        + Consensus.of(authorities().getFirst()).flags(fingerprint));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// The consensus as an authority has it right now.
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
        keepLogs();
        leash.close();
        try {
            dns.close();
            loopback.close();
        } catch (IOException e) {
            throw new IllegalStateException("a listening socket does not close", e);
        }
    }

    private void bringUp() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        plan.progress.accept("making the keys of " + plan.authorities + " authorities");
        planAuthorities();
        // Votes go out two delays before the consensus; relays need a moment to start and publish before that. Too
        // short a moment costs a whole interval.
        int firstConsensusSeconds = 2 * plan.timing.delaySeconds() + 6 + (plan.relays + plan.exits) / 3;
        votingStartOffsetSeconds =
                (int) ((System.currentTimeMillis() / 1_000 + firstConsensusSeconds) % plan.timing.intervalSeconds());
        for (TorNode authority : authorities()) {
            writeTorrc(authority.place(), List.of());
            authority.start();
        }
        for (int i = 0; i < plan.relays; i++) {
            add(TorNode.Role.RELAY, List.of()).start();
        }
        for (int i = 0; i < plan.exits; i++) {
            add(TorNode.Role.EXIT, List.of()).start();
        }
        plan.progress.accept("started " + plan.authorities + " authorities and " + (plan.relays + plan.exits)
                + " relays; they vote every " + plan.timing.intervalSeconds() + " s");
        awaitConsensus();
        List<TorNode> relays =
                Stream.concat(relays().stream(), exits().stream()).toList();
        awaitRelays(relays);
        // They asked before there was anything to get, and would wait a minute before they ask again.
        for (TorNode relay : relays) {
            try (ControlClient control = relay.control()) {
                control.signal("RELOAD");
            }
        }
        plan.progress.accept("the consensus lists all of them");
        for (int i = 0; i < plan.clients; i++) {
            add(TorNode.Role.CLIENT, List.of()).start();
        }
        for (TorNode client : clients()) {
            awaitBootstrap(client, deadlineNanos);
        }
        plan.progress.accept("the network is up after "
                + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
    }

    private void planAuthorities() throws IOException, InterruptedException {
        List<Callable<AuthorityKeys>> tasks = new ArrayList<>();
        for (int i = 0; i < plan.authorities; i++) {
            TorNode authority = place(TorNode.Role.AUTHORITY);
            tasks.add(() -> AuthorityKeys.make(authority.place()));
        }
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AuthorityKeys>> keys = workers.invokeAll(tasks);
            for (int i = 0; i < keys.size(); i++) {
                authorityLines.add(keys.get(i).get().line(authorities().get(i).place()));
            }
        } catch (ExecutionException e) {
            throw new IOException("no keys for an authority: " + e.getCause(), e);
        }
    }

    private void awaitConsensus() throws IOException, InterruptedException {
        while (!authorities().stream()
                .allMatch(authority -> Consensus.of(authority).isPresent())) {
            check(authorities(), "no consensus");
        }
        plan.progress.accept("the first consensus is made");
    }

    private void awaitRelays(List<TorNode> relays) throws IOException, InterruptedException {
        for (TorNode relay : relays) {
            for (TorNode authority : authorities()) {
                while (!Consensus.of(authority).flags(relay.fingerprint()).contains("Running")) {
                    check(nodes(), relay + " is not in the consensus");
                }
            }
        }
    }

    private void awaitBootstrap(TorNode node, long deadline) throws IOException, InterruptedException {
        while (true) {
            if (Files.exists(node.data().resolve("control_auth_cookie"))) {
                @Nullable String phase = bootstrapPhase(node);
                if (phase != null && phase.contains("PROGRESS=100")) {
                    return;
                }
            }
            check(List.of(node), deadline, node + " does not bootstrap");
        }
    }

    private static @Nullable String bootstrapPhase(TorNode node) throws InterruptedException {
        try (ControlClient control = node.control()) {
            return control.info("status/bootstrap-phase");
        } catch (IOException notListeningYet) {
            return null;
        }
    }

    private void check(List<TorNode> alive, String complaint) throws IOException, InterruptedException {
        check(alive, deadlineNanos, complaint);
    }

    private void check(List<TorNode> alive, long deadline, String complaint) throws IOException, InterruptedException {
        for (TorNode node : alive) {
            if (!node.isAlive()) {
                List<String> notices = node.notices();
                throw new IOException(node + " ended; its last words: "
                        + String.join("\n", notices.subList(Math.max(0, notices.size() - 5), notices.size()))
                        + Files.readString(node.place().directory().resolve("output.log")));
            }
        }
        if (System.nanoTime() > deadline) {
            throw new IOException(
                    complaint + " after " + plan.patience.toSeconds() + " s; last warnings: " + lastWarnings());
        }
        Thread.sleep(POLL_MILLIS);
    }

    private String lastWarnings() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<TorNode, List<String>> entry : warnings().entrySet()) {
            text.append('\n')
                    .append(entry.getKey())
                    .append(": ")
                    .append(entry.getValue().getLast());
        }
        return text.toString();
    }

    private TorNode add(TorNode.Role role, List<String> more) throws IOException {
        TorNode node = place(role);
        writeTorrc(node.place(), more);
        return node;
    }

    private TorNode place(TorNode.Role role) throws IOException {
        String nickname = switch (role) {
                    case AUTHORITY -> "auth";
                    case RELAY -> "relay";
                    case EXIT -> "exit";
                    case CLIENT -> "client";
                }
                + of(role).size();
        Path directory = Files.createDirectory(leash.directory().resolve(nickname));
        Files.createDirectory(
                directory.resolve("data"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
        Path empty = Files.createFile(directory.resolve("empty"));
        String address = loopback.freshAddress();
        boolean client = role == TorNode.Role.CLIENT;
        TorNode.Place place = new TorNode.Place(
                nickname,
                role,
                address,
                client ? 0 : Loopback.freePort(address, OR_PORT),
                role == TorNode.Role.AUTHORITY ? Loopback.freePort(address, DIR_PORT) : 0,
                Loopback.freePort(address, CONTROL_PORT),
                client ? Loopback.freePort(address, SOCKS_PORT) : 0,
                directory);
        List<String> command;
        try {
            command = List.of(
                    Programs.tor().toString(),
                    "--defaults-torrc",
                    empty.toString(),
                    "-f",
                    directory.resolve("torrc").toString(),
                    "--hush");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        TorNode node = new TorNode(place, leash, command);
        of(role).add(node);
        return node;
    }

    private void writeTorrc(TorNode.Place place, List<String> more) throws IOException {
        List<String> extra = new ArrayList<>(plan.extra(place.role()));
        extra.addAll(more);
        Path resolvConf = Files.writeString(
                leash.directory().resolve("resolv.conf"),
                "nameserver " + dns.address().getAddress().getHostAddress() + "\n");
        Torrc torrc = new Torrc(
                authorityLines,
                resolvConf.toString(),
                plan.timing,
                votingStartOffsetSeconds,
                ProcessHandle.current().pid(),
                extra);
        Files.write(place.directory().resolve("torrc"), torrc.of(place));
    }

    private List<TorNode> of(TorNode.Role role) {
        return nodes.getOrDefault(role, List.of());
    }

    private static TestDns startDns(Loopback loopback) throws IOException {
        String address = loopback.freshAddress();
        try {
            return TestDns.start(address, TestDns.PORT);
        } catch (IOException notRoot) {
            return TestDns.start(address, 0);
        }
    }

    private void keepLogs() {
        String keep = System.getProperty(KEEP_LOGS);
        if (keep == null) {
            return;
        }
        try {
            for (TorNode node : nodes()) {
                Path to = Files.createDirectories(
                        Path.of(keep, leash.directory().getFileName().toString(), node.nickname()));
                for (String file : List.of("torrc", "notice.log", "info.log", "output.log")) {
                    Path from = node.place().directory().resolve(file);
                    if (Files.exists(from)) {
                        Files.copy(from, to.resolve(file));
                    }
                }
            }
        } catch (IOException e) {
            plan.progress.accept("the logs could not be kept: " + e);
        }
    }
}
