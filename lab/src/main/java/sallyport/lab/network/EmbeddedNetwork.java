package sallyport.lab.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sallyport.engine.directory.Authority;
import sallyport.lab.process.Leash;
import sallyport.lab.traffic.TestDns;

/// A running Tor network on loopback whose authorities, relays and client all live in this process: it
/// needs no C tor. It has no exits but those that join it.
///
/// ```java
/// try (EmbeddedNetwork network = EmbeddedNetwork.start(3, 3, Duration.ofMinutes(10), line -> {})) { … }
/// ```
public final class EmbeddedNetwork implements LabNetwork {
    private static final long POLL_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    // Ours: for an authority to connect to the relay that published last.
    private static final int REACHED_SECONDS = 2;
    // The shortest that a testing network may have; a consensus lives twenty times as long.
    private static final Torrc.Timing TIMING = new Torrc.Timing(10, 2, 20);

    private final Leash leash;
    private final Consumer<String> progress;
    private final long begin = System.nanoTime();
    // The last opened is closed first.
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<EmbeddedAuthority> authorities = new ArrayList<>();
    private final Loopback loopback;
    private final TestDns dns;
    private final List<String> lines;
    private final EmbeddedClient client;

    private EmbeddedNetwork(Leash leash, int authorityCount, int relayCount, Consumer<String> progress)
            throws IOException, InterruptedException {
        this.leash = leash;
        this.progress = progress;
        try {
            this.loopback = opened(Loopback.take());
            this.dns = opened(TestDns.start(loopback.freshAddress()));
            progress.accept("making the keys of " + authorityCount + " authorities");
            makeAuthorities(authorityCount);
            this.lines = authorities.stream().map(EmbeddedAuthority::line).toList();
            List<Authority> trusted = EmbeddedAuthority.authorities(lines);
            for (EmbeddedAuthority authority : authorities) {
                authority.open(lines);
            }
            List<String> addresses = IntStream.range(0, relayCount)
                    .mapToObj(_ -> loopback.freshAddress())
                    .toList();
            EmbeddedRelays relays = opened(EmbeddedRelays.start(directory("relays"), trusted, addresses));
            progress.accept("started " + authorityCount + " authorities and " + relayCount
                    + " relays in this process; they vote every " + TIMING.intervalSeconds() + " s");
            bringUp(relays);
            this.client = opened(EmbeddedClient.start(directory("client"), loopback.freshAddress(), trusted));
            client.awaitRelays(PATIENCE);
            progress.accept("the network is up after "
                    + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Brings a network up and returns when every relay is listed and the client ready.
    ///
    /// @param authorities each is a relay that clients use as well
    /// @param relays besides them
    /// @param lifetime the end of everything, whoever still uses it
    /// @param progress is told one line at each step
    public static EmbeddedNetwork start(int authorities, int relays, Duration lifetime, Consumer<String> progress)
            throws IOException, InterruptedException {
        return new EmbeddedNetwork(Leash.fresh("sallyport-net-", lifetime), authorities, relays, progress);
    }

    private void makeAuthorities(int count) throws IOException, InterruptedException {
        List<Callable<EmbeddedAuthority>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String nickname = "auth" + i;
            String address = loopback.freshAddress();
            tasks.add(() -> EmbeddedAuthority.make(nickname, directory(nickname), address, Map.of()));
        }
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<EmbeddedAuthority> made : workers.invokeAll(tasks)) {
                authorities.add(opened(made.get()));
            }
        } catch (ExecutionException e) {
            throw new IOException("no keys for an authority: " + e.getCause(), e);
        }
    }

    /// As with C tor's authorities: the first vote is called when all of them know everybody.
    private void bringUp(EmbeddedRelays relays) throws IOException, InterruptedException {
        until(relays::areComplete, "the relays do not start");
        List<String> all = Stream.concat(
                        relays.fingerprints().stream(), authorities.stream().map(EmbeddedAuthority::fingerprint))
                .toList();
        until(
                () -> authorities.stream()
                        .allMatch(authority -> authority.relays().containsAll(all)),
                "the relays do not publish");
        long first = System.currentTimeMillis() / 1_000 + REACHED_SECONDS + 2L * TIMING.delaySeconds();
        for (EmbeddedAuthority authority : authorities) {
            authority.vote(TIMING, Duration.ofSeconds(first % TIMING.intervalSeconds()));
        }
        for (String fingerprint : all) {
            Listing.await(this::consensuses, fingerprint, Set.of("Running"), PATIENCE);
        }
        progress.accept("the consensus lists all of them");
    }

    private void until(BooleanSupplier condition, String complaint) throws IOException, InterruptedException {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException(complaint + " after " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private Path directory(String name) {
        return leash.directory().resolve(name);
    }

    private List<Consensus> consensuses() {
        return authorities.stream().map(EmbeddedAuthority::consensus).toList();
    }

    @Override
    public List<String> authorityLines() {
        return lines;
    }

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

    @Override
    public Consensus consensus() {
        return authorities.getFirst().consensus();
    }

    @Override
    public void awaitListed(String fingerprint, Set<String> flags, Duration timeout)
            throws IOException, InterruptedException {
        Listing.await(this::consensuses, fingerprint, flags, timeout);
    }

    @Override
    public InetSocketAddress socks() {
        return client.socks();
    }

    /// By a client of its own.
    @Override
    public WayOut through(String fingerprint) throws IOException, InterruptedException {
        return client.through(fingerprint);
    }

    /// Ends everything, removes every file.
    @Override
    public void close() {
        for (AutoCloseable each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                progress.accept("something does not close: " + e.getMessage());
            }
        }
        PrivateNetwork.keepLogs(leash, progress);
        leash.close();
    }
}
