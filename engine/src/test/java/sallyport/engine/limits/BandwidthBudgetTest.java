package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.FaultCounters;

/// What relays promise of what the process may.
class BandwidthBudgetTest {
    private static final long MIB = 1 << 20;

    private final LimitsWorld world = new LimitsWorld();
    private final HostLimits limits = TestLimits.plenty(world);

    @Test
    void withoutALimitOfTheProcessARelayPromisesItsOwn() {
        InstanceLimits relay = relay(5 * MIB);
        assertThat(relay.bandwidth().promised(own(5 * MIB))).isEqualTo(own(5 * MIB));
    }

    /// Otherwise clients would be told of more than there is, each relay promising all of it.
    @Test
    void thePromisesOfAllRelaysAddUpToWhatTheProcessMay() {
        limits.bandwidth().follow(new Rate(10 * MIB, 20 * MIB));
        List<InstanceLimits> relays = List.of(relay(MIB), relay(100 * MIB), relay(1 << 30));
        List<Rate> promised = relays.stream()
                .map(relay ->
                        relay.bandwidth().promised(relay.bandwidth().rates()).advertised())
                .toList();
        assertThat(promised)
                .containsExactly(new Rate(MIB, MIB), new Rate(9 * MIB / 2, 20 * MIB), new Rate(9 * MIB / 2, 20 * MIB));
        relays.getLast().retire();
        assertThat(relays.get(1).bandwidth().promised(own(100 * MIB)).advertised())
                .as("when another has gone")
                .isEqualTo(new Rate(9 * MIB, 20 * MIB));
    }

    /// Nothing runs in the background of a process without a limit.
    @Test
    void roundsBeginAndEndWithTheLimit() {
        assertThat(world.begun).isEmpty();
        limits.follow(new Sharing(new Rate(MIB, MIB), Shedding.DEFAULT));
        limits.follow(new Sharing(new Rate(2 * MIB, MIB), Shedding.DEFAULT));
        assertThat(world.begun).hasSize(1);
        limits.follow(Sharing.DEFAULT);
        assertThat(world.begun).isEmpty();
    }

    private InstanceLimits relay(long bytesPerSecond) {
        InstanceLimits relay = limits.open("relay", world.loop(), new FaultCounters());
        relay.bandwidth().follow(own(bytesPerSecond));
        return relay;
    }

    private static BandwidthRates own(long bytesPerSecond) {
        return new BandwidthRates(
                new Rate(bytesPerSecond, bytesPerSecond), Rate.UNLIMITED, Rate.UNLIMITED.bytesPerSecond(), 0, 0, true);
    }
}
