package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.limits.Turns;
import sallyport.engine.world.Log;
import sallyport.engine.world.World;

/// Starts that fail.
class RelayInstanceTest {
    private final List<String> lines = new ArrayList<>();

    /// Whoever started it hears of it through the state, as of any other failure.
    @Test
    void aBugWhileStartingIsAFailureThatNamesItsKindAndNotItsText() throws Exception {
        RelayInstance instance = new RelayInstance(spec(), surroundings());
        instance.start();

        assertThat(instance.status().state())
                .isInstanceOfSatisfying(
                        InstanceState.Failed.class,
                        failed -> assertThat(failed.toString())
                                .contains("java.lang.IllegalStateException")
                                .doesNotContain("what a peer sent"));
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("ERROR r1 state: failed: cannot start: java.lang.IllegalStateException at ")
                .doesNotContain("what a peer sent");
        instance.stop();
        assertThat(instance.status().state()).isInstanceOf(InstanceState.Failed.class);
    }

    private static InstanceSpec spec() {
        RelayAddress address = Objects.requireNonNull(RelayAddress.parseIp("127.0.0.1", 9001));
        return TestSpecs.of("r1", "Nick1", address);
    }

    private Surroundings surroundings() {
        World world = world();
        DirectoryStore directory = new DirectoryStore();
        return new Surroundings(
                world,
                new EmbeddedChannel().eventLoop(),
                new CellPool(),
                directory,
                new DirectoryCache(world, directory),
                null,
                new FamilyRegister(),
                new OwnAddresses(),
                TestLimits.plenty(world),
                true,
                new NameServers(world, List.of(), true, new DirectoryStore()),
                new Turns(1),
                () -> HouseRules.DEFAULT);
    }

    /// A world whose storage fails as none is expected to.
    private World world() {
        Log log = (level, relay, text) -> lines.add(level + " " + relay + " " + text);
        return (World) Proxy.newProxyInstance(
                World.class.getClassLoader(), new Class<?>[] {World.class}, (_, method, _) -> {
                    if (method.getName().equals("log")) {
                        return log;
                    }
                    if (method.getName().equals("clock")) {
                        return InstantSource.fixed(Instant.EPOCH);
                    }
                    throw new IllegalStateException("what a peer sent");
                });
    }
}
