package sallyport.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.supervisor.config.ApplySpec;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.fleet.RolloutProgress.Phase;

/// A fleet of three that grows, shrinks and moves in batches of two; time is what each test says.
class RolloutTest {
    private static final ApplySpec PACE = new ApplySpec(2, false, Duration.ofMinutes(5), Duration.ofMinutes(1));
    private static final long SECOND = 1_000_000_000L;

    private final FakeFleet relays = new FakeFleet();
    private final Fleet fleet = new Fleet(fleet(1, 2, 3), relays, (_, _, _) -> {});
    private long now;

    RolloutTest() {
        fleet.start();
        relays.all(new InstanceState.Published());
        relays.events.clear();
    }

    @Test
    void theNextBatchBeginsWhenTheOneBeforeIsHealthy() throws Exception {
        Rollout rollout = begin(fleet(1, 2, 3, 4, 5, 6));
        assertThat(relays.events).containsExactly("start r4", "start r5");
        step(rollout, 10);
        assertThat(rollout.progress().text()).isEqualTo("batch 1 of 2: 0 of 2 healthy; r4 is starting, r5 is starting");
        relays.become("r4", new InstanceState.Published());
        relays.become("r5", new InstanceState.SelfTesting());
        step(rollout, 10);
        assertThat(rollout.progress().waiting()).containsExactly("r5 is self-testing");
        assertThat(relays.events).hasSize(2);
        relays.become("r5", new InstanceState.Published());
        step(rollout, 10);
        assertThat(relays.events).containsExactly("start r4", "start r5", "start r6");
        relays.become("r6", new InstanceState.Published());
        step(rollout, 10);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.DONE);
    }

    /// Whoever applies again goes on where it stopped, with the relay that was in the way.
    @Test
    void aFailedRelayEndsItAndTheNextAttemptBeginsWithIt() throws Exception {
        Rollout rollout = begin(fleet(1, 2, 3, 4, 5, 6, 7));
        relays.become("r4", new InstanceState.Failed("no such address"));
        relays.become("r5", new InstanceState.SelfTesting());
        step(rollout, 1);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.HALTED);
        assertThat(rollout.progress().text())
                .isEqualTo("batch 1 of 2 is not healthy: r4 has failed: no such address; 2 relays after it stay as"
                        + " before");
        step(rollout, 1000);
        assertThat(relays.events).containsExactly("start r4", "start r5");

        rollout = begin(fleet(1, 2, 3, 4, 5, 6, 7));
        assertThat(rollout.progress().relays())
                .as("on its way since the last attempt")
                .containsExactly("r5");
        relays.become("r5", new InstanceState.Published());
        relays.events.clear();
        step(rollout, 1);
        assertThat(relays.events).containsExactly("remove r4", "start r4", "start r6");
        relays.all(new InstanceState.Published());
        step(rollout, 1);
        assertThat(relays.events).endsWith("start r7");
    }

    @Test
    void whoIsNotHealthyInTimeIsNamed() throws Exception {
        Rollout rollout = begin(fleet(1, 2, 3, 4));
        relays.become("r4", new InstanceState.SelfTesting());
        step(rollout, 300);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.AT_WORK);
        step(rollout, 1);
        assertThat(rollout.progress().text()).isEqualTo("batch 1 of 1 is not healthy: r4 is self-testing after 301 s");
    }

    @Test
    void anotherRelayThatBreaksEndsItToo() throws Exception {
        relays.become("r1", new InstanceState.Quarantined("before"));
        Rollout rollout = begin(fleet(1, 2, 3, 4));
        step(rollout, 1);
        assertThat(rollout.progress().phase()).as("r1 was so before").isEqualTo(Phase.AT_WORK);
        relays.become("r2", new InstanceState.Quarantined("51 bugs"));
        step(rollout, 1);
        assertThat(rollout.progress().text()).contains("r2 is quarantined: 51 bugs");
    }

    /// What comes may want the address of what leaves.
    @Test
    void whoLeavesDrainsFirst() throws Exception {
        Rollout rollout = begin(fleet(1, 4));
        assertThat(relays.events).containsExactly("drain r2 60", "drain r3 60");
        assertThat(rollout.progress().text()).isEqualTo("2 relays drain, 60 s at most");
        relays.become("r2", new InstanceState.Draining(Instant.EPOCH));
        relays.become("r3", new InstanceState.Stopped());
        step(rollout, 30);
        assertThat(rollout.progress().waiting()).containsExactly("r2");
        assertThat(relays.events).hasSize(2);
        relays.become("r2", new InstanceState.Stopped());
        step(rollout, 1);
        assertThat(relays.events.subList(2, 5)).containsExactly("remove r2", "remove r3", "start r4");
    }

    @Test
    void aDrainThatHangsIsNotWaitedForForEver() throws Exception {
        Rollout rollout = begin(fleet(1, 2));
        relays.become("r3", new InstanceState.Draining(Instant.EPOCH));
        step(rollout, 90);
        assertThat(relays.events).doesNotContain("remove r3");
        step(rollout, 1);
        assertThat(relays.events).contains("remove r3");
    }

    @Test
    void aNewerStateCallsADrainOff() throws Exception {
        begin(fleet(1, 2));
        relays.become("r3", new InstanceState.Draining(Instant.EPOCH));
        begin(fleet(1, 2, 3));
        assertThat(relays.events).containsExactly("drain r3 60", "go on r3");
        begin(fleet(1, 2, 3));
        assertThat(relays.events).hasSize(2);
    }

    @Test
    void whereNoConsensusIsKnownListeningSuffices() throws Exception {
        relays.consensus = false;
        Rollout rollout = begin(fleet(1, 2, 3, 4));
        step(rollout, 1);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.AT_WORK);
        relays.become("r4", new InstanceState.Bootstrapping());
        step(rollout, 1);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.DONE);
    }

    @Test
    void aRelayThatCannotMoveEndsIt() throws Exception {
        FleetSpec wanted = fleet(1, 2, 3).withRelays(List.of(relay(1), relay(2), relay(3, 9999)));
        relays.placesTaken = true;
        Rollout rollout = begin(wanted);
        assertThat(rollout.progress().text())
                .isEqualTo("batch 1 of 1 is not healthy: r3 cannot listen at its new place, the log says why");
        relays.placesTaken = false;
        rollout = begin(wanted);
        step(rollout, 1);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.DONE);
        assertThat(relays.events).containsExactly("update r3 9999", "update r3 9999");
    }

    /// None of them could listen where the other one still does; r3 is none of them.
    @Test
    void relaysThatSwapPlacesAllCloseBeforeOneListensAnew() throws Exception {
        Rollout rollout = begin(fleet(1, 2, 3).withRelays(List.of(relay(1, 9002), relay(2, 9001), relay(3, 9009))));
        assertThat(relays.events)
                .containsExactly(
                        "drain r1 300",
                        "drain r2 300",
                        "update r1 9002",
                        "update r2 9001",
                        "go on r1",
                        "go on r2",
                        "update r3 9009");
        assertThat(rollout.progress().relays()).containsExactly("r1", "r2", "r3");
        step(rollout, 1);
        assertThat(rollout.progress().phase()).isEqualTo(Phase.DONE);
    }

    /// The first gives its place up for the second, and so on; what the operator had stopped stays so.
    @Test
    void relaysThatFollowEachOtherMoveTogether() throws Exception {
        relays.become("r2", new InstanceState.Stopped());
        begin(fleet(1, 2, 3).withRelays(List.of(relay(1, 9002), relay(2, 9003), relay(3, 9004))));
        assertThat(relays.events)
                .containsExactly(
                        "drain r1 300",
                        "drain r3 300",
                        "update r1 9002",
                        "update r2 9003",
                        "update r3 9004",
                        "go on r1",
                        "go on r3");
    }

    private Rollout begin(FleetSpec wanted) throws Exception {
        return new Rollout(fleet, wanted, PACE, 1, 7, now);
    }

    private void step(Rollout rollout, int seconds) throws Exception {
        now += seconds * SECOND;
        rollout.step(now);
    }

    private static FleetSpec fleet(int... numbers) {
        return Fixtures.fleet(IntStream.of(numbers).mapToObj(RolloutTest::relay).toList());
    }

    private static InstanceSpec relay(int number) {
        return relay(number, 9000 + number);
    }

    private static InstanceSpec relay(int number, int port) {
        return Fixtures.relay("r" + number, port, "", "accept *:*");
    }

    /// Relays that start and drain when the test says so.
    private static final class FakeFleet extends RecordedRelays {
        private final Map<String, InstanceSpec> specs = new LinkedHashMap<>();
        private final Map<String, InstanceState> states = new LinkedHashMap<>();
        private boolean consensus = true;
        private boolean placesTaken;

        void all(InstanceState state) {
            states.replaceAll((_, _) -> state);
        }

        void become(String id, InstanceState state) {
            assertThat(states.replace(id, state)).isNotNull();
        }

        @Override
        public void start(InstanceSpec spec) {
            super.start(spec);
            specs.put(spec.id(), spec);
            states.put(spec.id(), new InstanceState.Starting());
        }

        @Override
        public UpdateOutcome update(InstanceSpec spec) {
            events.add(
                    "update " + spec.id() + " " + spec.orAddresses().getFirst().port());
            return new UpdateOutcome(List.of(), List.of(), placesTaken ? specs.get(spec.id()) : spec);
        }

        @Override
        public void remove(String id) {
            super.remove(id);
            states.remove(id);
        }

        @Override
        public void start(String id) {
            super.start(id);
            states.put(id, new InstanceState.Published());
        }

        @Override
        public boolean knowNetwork() {
            return consensus;
        }

        @Override
        public List<InstanceStatus> status() {
            return states.entrySet().stream()
                    .map(entry -> Fixtures.status(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }
}
