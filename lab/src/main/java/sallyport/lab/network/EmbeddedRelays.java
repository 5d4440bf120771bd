package sallyport.lab.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.directory.Authority;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.world.RealWorld;

/// The relays of an embedded network that are neither authorities nor exits, on one host.
final class EmbeddedRelays implements AutoCloseable {
    private static final int OR_PORT = 5_000;

    private final RealWorld world;
    private final PrintWriter log;
    private final EngineHost host;
    private final int count;

    private EmbeddedRelays(RealWorld world, PrintWriter log, EngineHost host, int count) {
        this.world = world;
        this.log = log;
        this.host = host;
        this.count = count;
    }

    /// Begins to start them, and does not wait for them.
    ///
    /// @param directory for their files and their log
    /// @param addresses one for each
    static EmbeddedRelays start(Path directory, List<Authority> authorities, List<String> addresses)
            throws IOException {
        Files.createDirectories(directory);
        PrintWriter log = new PrintWriter(Files.newBufferedWriter(directory.resolve("sallyport.log")), true);
        RealWorld world = new RealWorld(
                directory.resolve("data"), 1, (level, of, text) -> log.println(level + " " + of + " " + text));
        EngineHost host = new EngineHost(world, new NetworkSpec(true, authorities), ProcessSpec.DEFAULT);
        host.open();
        for (int i = 0; i < addresses.size(); i++) {
            String address = addresses.get(i);
            host.start(relay("relay" + i, EmbeddedAuthority.at(address, Loopback.freePort(address, OR_PORT))));
        }
        return new EmbeddedRelays(world, log, host, addresses.size());
    }

    private static InstanceSpec relay(String name, RelayAddress address) {
        return new InstanceSpec(
                name,
                name,
                List.of(address),
                List.of(address),
                List.of(),
                List.of(),
                new ExitSpec(false, List.of("reject *:*"), true),
                true,
                "lab@example.org",
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                new PublishingSpec(true, true));
    }

    /// Fingerprints of those that have their keys; upper-case hex.
    List<String> fingerprints() {
        return host.status().stream()
                .map(InstanceStatus::fingerprint)
                .filter(fingerprint -> !fingerprint.isEmpty())
                .toList();
    }

    /// Whether all of them have their keys.
    boolean areComplete() {
        return fingerprints().size() == count;
    }

    @Override
    public void close() {
        try {
            host.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            world.close();
            log.close();
        }
    }
}
