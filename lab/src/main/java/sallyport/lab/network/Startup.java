package sallyport.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sallyport.lab.control.ControlClient;

/// Brings the nodes of a network up, in the order and at the moments that make it quick.
///
/// Authorities and relays start at once. When every authority has every descriptor, they are told when to
/// vote, so that the first consensus comes soon and lists all of them. Relays have asked for it in vain
/// by then and are told to ask again. Clients start when there is something to get.
final class Startup {
    private static final long POLL_MILLIS = 100;
    // Ours: for an authority to connect to the relay that published last.
    private static final int REACHED_SECONDS = 2;

    private final NetworkPlan plan;
    private final Nodes nodes;
    private final long begin = System.nanoTime();

    Startup(NetworkPlan plan, Nodes nodes) {
        this.plan = plan;
        this.nodes = nodes;
    }

    void run() throws IOException, InterruptedException {
        startAuthorities();
        for (int i = 0; i < plan.relays; i++) {
            nodes.add(TorNode.Role.RELAY, List.of()).start();
        }
        for (int i = 0; i < plan.exits; i++) {
            nodes.add(TorNode.Role.EXIT, List.of()).start();
        }
        for (List<String> lines : plan.exitsWith) {
            nodes.add(TorNode.Role.EXIT, lines).start();
        }
        plan.progress.accept("started " + (plan.authorities + plan.embeddedAuthorities) + " authorities and "
                + (plan.relays + plan.exits + plan.exitsWith.size()) + " relays; they vote every "
                + plan.timing.intervalSeconds() + " s");
        callTheVote();
        awaitRelays();
        plan.progress.accept("the consensus lists all of them");
        for (int i = 0; i < plan.clients; i++) {
            nodes.add(TorNode.Role.CLIENT, List.of()).start();
        }
        for (TorNode client : nodes.of(TorNode.Role.CLIENT)) {
            awaitBootstrap(client);
        }
        plan.progress.accept("the network is up after "
                + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
    }

    /// Waits until C tor says that it has all it needs to build circuits.
    void awaitBootstrap(TorNode node) throws IOException, InterruptedException {
        while (true) {
            if (Files.exists(node.data().resolve("control_auth_cookie"))) {
                @Nullable String phase = bootstrapPhase(node);
                if (phase != null && phase.contains("PROGRESS=100")) {
                    return;
                }
            }
            pause(List.of(node), node + " does not bootstrap");
        }
    }

    private void startAuthorities() throws IOException, InterruptedException {
        plan.progress.accept("making the keys of " + (plan.authorities + plan.embeddedAuthorities) + " authorities");
        List<String> lines = new ArrayList<>(makeKeys());
        for (int i = 0; i < plan.embeddedAuthorities; i++) {
            lines.add(nodes.addEmbedded().line());
        }
        nodes.trust(lines);
        for (EmbeddedAuthority authority : nodes.embedded()) {
            authority.open(lines);
        }
        for (TorNode authority : nodes.of(TorNode.Role.AUTHORITY)) {
            nodes.writeTorrc(authority, List.of());
            authority.start();
        }
    }

    private List<String> makeKeys() throws IOException, InterruptedException {
        List<Callable<String>> tasks = new ArrayList<>();
        for (int i = 0; i < plan.authorities; i++) {
            TorNode.Place place = nodes.place(TorNode.Role.AUTHORITY).place();
            tasks.add(() ->
                    AuthorityKeys.make(nodes.leash(), place, plan.keysOfOurs).line(place));
        }
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> lines = new ArrayList<>();
            for (Future<String> line : workers.invokeAll(tasks)) {
                lines.add(line.get());
            }
            return lines;
        } catch (ExecutionException e) {
            throw new IOException("no keys for an authority: " + e.getCause(), e);
        }
    }

    private void callTheVote() throws IOException, InterruptedException {
        List<TorNode> authorities = nodes.of(TorNode.Role.AUTHORITY);
        List<ControlClient> controls = new ArrayList<>();
        try {
            for (TorNode authority : authorities) {
                controls.add(awaitControl(authority));
            }
            for (TorNode relay : nodes.all()) {
                while (!Files.exists(relay.data().resolve("fingerprint"))) {
                    pause(nodes.all(), relay + " does not start");
                }
                awaitPublished(controls, relay.fingerprint(), relay.nickname());
            }
            for (EmbeddedAuthority authority : nodes.embedded()) {
                awaitPublished(controls, authority.fingerprint(), "an authority of ours");
            }
            // Votes go out two delays before the consensus; the last descriptor's relay is being tried meanwhile.
            long first = System.currentTimeMillis() / 1_000 + REACHED_SECONDS + 2L * plan.timing.delaySeconds();
            int interval = plan.timing.intervalSeconds();
            for (ControlClient control : controls) {
                control.setConf(
                        "TestingV3AuthInitialVotingInterval=" + interval,
                        "TestingV3AuthVotingStartOffset=" + first % interval);
            }
            for (EmbeddedAuthority authority : nodes.embedded()) {
                authority.vote(plan.timing, Duration.ofSeconds(first % interval));
            }
        } finally {
            controls.forEach(ControlClient::close);
        }
    }

    /// Waits until every authority has the descriptor.
    private void awaitPublished(List<ControlClient> controls, String fingerprint, String of)
            throws IOException, InterruptedException {
        for (ControlClient control : controls) {
            while (control.infoIfKnown("desc/id/" + fingerprint) == null) {
                pause(nodes.all(), of + " does not publish");
            }
        }
        for (EmbeddedAuthority authority : nodes.embedded()) {
            while (!authority.relays().contains(fingerprint)) {
                pause(nodes.all(), of + " does not publish");
            }
        }
    }

    private ControlClient awaitControl(TorNode node) throws IOException, InterruptedException {
        while (true) {
            try {
                return node.control();
            } catch (IOException notListeningYet) {
                pause(List.of(node), node + " has no control port");
            }
        }
    }

    private void awaitRelays() throws IOException, InterruptedException {
        while (!nodes.consensuses().stream().allMatch(Consensus::isPresent)) {
            pause(nodes.all(), "no consensus");
        }
        List<TorNode> relays = Stream.concat(
                        nodes.of(TorNode.Role.RELAY).stream(), nodes.of(TorNode.Role.EXIT).stream())
                .toList();
        for (TorNode relay : relays) {
            String fingerprint = relay.fingerprint();
            while (!nodes.consensuses().stream()
                    .allMatch(consensus -> consensus.flags(fingerprint).contains("Running"))) {
                pause(nodes.all(), relay + " is not in the consensus");
            }
        }
        for (TorNode relay : relays) {
            // They asked before there was anything to get, and would wait a minute before they ask again.
            try (ControlClient control = relay.control()) {
                control.signal("RELOAD");
            }
        }
    }

    private static @Nullable String bootstrapPhase(TorNode node) throws InterruptedException {
        try (ControlClient control = node.control()) {
            return control.info("status/bootstrap-phase");
        } catch (IOException notListeningYet) {
            return null;
        }
    }

    private void pause(List<TorNode> alive, String complaint) throws IOException, InterruptedException {
        for (TorNode node : alive) {
            if (!node.isAlive()) {
                throw new IOException(
                        node + " ended; its last words:\n" + lastOf(node.notices(), 5) + lastOf(node.output(), 5));
            }
        }
        if (System.nanoTime() - begin > plan.patience.toNanos()) {
            StringBuilder text = new StringBuilder(complaint + " after " + plan.patience.toSeconds() + " s; warnings:");
            for (TorNode node : nodes.all()) {
                text.append('\n').append(node).append(": ").append(lastOf(node.warnings(), 1));
            }
            throw new IOException(text.toString());
        }
        Thread.sleep(POLL_MILLIS);
    }

    private static String lastOf(List<String> lines, int count) {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}
