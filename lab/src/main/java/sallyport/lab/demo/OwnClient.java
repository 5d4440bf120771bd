package sallyport.lab.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.world.RealWorld;
import sallyport.lab.client.ClientNetwork;
import sallyport.lab.client.ClientSettings;
import sallyport.lab.client.LabClient;
import sallyport.lab.path.PathRules;
import sallyport.lab.process.Leash;

/// A client in the load's own process, for a load without a SOCKS port between: it leaves through the relays
/// under test and no others, and all of it lives on one loop, its users too.
final class OwnClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    // Longer than any load: a day, its warm-up, and the last visit's end.
    private static final Duration LIFETIME = Duration.ofDays(3);
    private static final int CIRCUITS_MAX = 10_000;
    private static final int WAITING_MAX = 10_000;
    // One link for all circuits, so that its records are full.
    private static final int GUARDS = 1;

    private final Leash leash;
    private final RealWorld world;
    private final ClientNetwork network;
    private final LabClient client;

    private OwnClient(Leash leash, RealWorld world, ClientNetwork network, LabClient client) {
        this.leash = leash;
        this.world = world;
        this.network = network;
        this.client = client;
    }

    /// Fetches the directory, and returns when paths can be chosen.
    ///
    /// @param hops of its paths
    /// @param within whether all of a path is of the relays under test
    static OwnClient join(RelaysUnderTest relays, int hops, boolean within) throws IOException, InterruptedException {
        Leash leash = Leash.fresh("sallyport-load-", LIFETIME);
        RealWorld world = new RealWorld(leash.directory().resolve("data"), 1, (level, who, text) -> {});
        try {
            ClientNetwork network = ClientNetwork.join(world, relays.authorities(), true);
            network.awaitRelays(PATIENCE);
            Set<String> exits = relays.fingerprints();
            if (network.relays().all().stream().noneMatch(relay -> exits.contains(relay.fingerprint()))) {
                throw new IOException("the consensus lists none of these relays yet");
            }
            PathRules rules = new PathRules(GUARDS, /* distinctSubnets= */ false, exits).withHops(hops);
            LabClient client = network.client(ClientSettings.DEFAULT
                    .withName("load")
                    .withCircuits(CIRCUITS_MAX, 0)
                    .withPendingMax(WAITING_MAX)
                    .withRules(within ? rules.within(exits) : rules));
            return new OwnClient(leash, world, network, client);
        } catch (KeyFileException | TimeoutException e) {
            end(leash, world);
            throw new IOException("the load's client does not get ready: " + e.getMessage(), e);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            end(leash, world);
            throw e;
        }
    }

    LabClient client() {
        return client;
    }

    @Override
    public void close() throws InterruptedException {
        network.close();
        end(leash, world);
    }

    private static void end(Leash leash, RealWorld world) {
        world.close();
        leash.close();
    }
}
