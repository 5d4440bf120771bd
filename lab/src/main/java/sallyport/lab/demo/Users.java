package sallyport.lab.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.world.RealWorld;
import sallyport.lab.client.ClientNetwork;
import sallyport.lab.client.ClientSettings;
import sallyport.lab.client.LabClient;
import sallyport.lab.load.LoadServer;
import sallyport.lab.path.PathRules;

/// Clients of this process, each of which leaves through one exit of ours and no other, and the far end
/// of their loads.
final class Users implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CIRCUITS_MAX = 500;
    private static final Duration DIRTINESS_MAX = Duration.ofSeconds(5);

    private final RealWorld world;
    private final ClientNetwork network;
    private final LoadServer far;

    private Users(RealWorld world, ClientNetwork network, LoadServer far) {
        this.world = world;
        this.network = network;
        this.far = far;
    }

    static Users join(Stage stage) throws IOException, InterruptedException {
        // One loop: a load lives on one.
        RealWorld world =
                new RealWorld(stage.network().leash().directory().resolve("users"), 1, (level, who, text) -> {});
        try {
            ClientNetwork network = ClientNetwork.join(world, stage.authorities(), true);
            network.awaitRelays(PATIENCE);
            return new Users(
                    world,
                    network,
                    LoadServer.start(new InetSocketAddress(stage.network().freshAddress(), 0)));
        } catch (KeyFileException | TimeoutException e) {
            world.close();
            throw new IOException("the users' clients do not get ready: " + e.getMessage(), e);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            world.close();
            throw e;
        }
    }

    /// One client for each exit.
    List<LabClient> through(List<Stage.Exit> exits) {
        return exits.stream()
                .map(exit -> network.client(ClientSettings.DEFAULT
                        .withName(exit.id())
                        .withCircuits(CIRCUITS_MAX, 0)
                        .withDirtinessMax(DIRTINESS_MAX)
                        .withRules(new PathRules(0, false, Set.of(exit.fingerprint())))))
                .toList();
    }

    /// Where their loads end.
    LoadServer far() {
        return far;
    }

    @Override
    public void close() throws InterruptedException, IOException {
        far.close();
        network.close();
        world.close();
    }
}
