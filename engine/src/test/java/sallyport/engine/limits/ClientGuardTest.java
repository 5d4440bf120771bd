package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.ClientAddress;

/// The rules of dos-spec, with C tor's numbers where a test does not vote others.
class ClientGuardTest {
    private static final ClientAddress A = address(1);
    private static final ClientAddress B = address(2);

    private final LimitsWorld world = new LimitsWorld();
    private final Map<String, Integer> voted =
            new HashMap<>(Map.of("DoSCircuitCreationEnabled", 1, "DoSConnectionEnabled", 1));
    private final ClientGuard guard = new ClientGuard(
            world,
            world.faults,
            () -> ClientRules.of((name, min, max, dflt) -> Math.clamp(voted.getOrDefault(name, dflt), min, max)));

    private static ClientAddress address(int last) {
        return new ClientAddress(InetAddress.ofLiteral("192.0.2." + last));
    }

    private void advance(long seconds) {
        world.nanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    private int circuits(ClientAddress of, int attempts) {
        int allowed = 0;
        for (int i = 0; i < attempts; i++) {
            allowed += guard.allowsCircuit(of) ? 1 : 0;
        }
        return allowed;
    }

    private void connect(ClientAddress who, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(guard.connected(who)).isTrue();
        }
    }

    @Test
    void nothingIsRefusedUnlessTheAuthoritiesWantIt() {
        voted.clear();
        connect(A, 1_000);
        assertThat(circuits(A, 10_000)).isEqualTo(10_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(guard.accepts(A)).isTrue();
        }
        assertThat(world.faults.snapshot()).isEmpty();
    }

    /// Whoever floods is there already when somebody decides to do something about it.
    @Test
    void aDefenceThatIsSwitchedOnCountsTheLinksThatAreThere() {
        voted.clear();
        connect(A, 3);
        connect(B, 200);
        assertThat(circuits(A, 1_000)).isEqualTo(1_000);
        voted.put("DoSCircuitCreationEnabled", 1);
        voted.put("DoSConnectionEnabled", 1);
        assertThat(circuits(A, 200)).isEqualTo(89);
        assertThat(guard.accepts(B)).isFalse();
        assertThat(guard.accepts(A)).isTrue();
    }

    /// The bucket holds ninety; the ninetieth empties it, and from then on an address with three connections is marked.
    @Test
    void aFloodOfCircuitsOverThreeConnectionsIsRefused() {
        connect(A, 3);
        connect(B, 3);
        assertThat(circuits(A, 200)).isEqualTo(89);
        assertThat(circuits(B, 50)).isEqualTo(50);
        assertThat(world.faults.snapshot()).containsEntry("too many circuits of one address", 111L);
        assertThat(world.faults.tallies().snapshot())
                .containsEntry(Tally.DOS_CIRCUIT_REJECTED, 111L)
                .containsEntry(Tally.DOS_ADDRESS_MARKED, 1L)
                .containsEntry(Tally.DOS_CONNECTION_REJECTED, 0L);
    }

    @Test
    void withTwoConnectionsAnAddressMayMakeAsManyAsItLikes() {
        connect(A, 2);
        assertThat(circuits(A, 10_000)).isEqualTo(10_000);
    }

    @Test
    void threeASecondAreNeverTooMany() {
        connect(A, 10);
        for (int second = 0; second < 300; second++) {
            advance(1);
            assertThat(circuits(A, 3)).isEqualTo(3);
        }
    }

    /// An hour, and half of one more at most; who goes on meanwhile stays marked.
    @Test
    void theMarkEnds() {
        connect(A, 3);
        circuits(A, 100);
        advance(5_401);
        assertThat(guard.allowsCircuit(A)).isTrue();
        circuits(A, 200);
        advance(3_500);
        assertThat(guard.allowsCircuit(A)).isFalse();
    }

    @Test
    void detectingAloneRefusesNothing() {
        voted.put("DoSCircuitCreationDefenseType", 1);
        connect(A, 3);
        assertThat(circuits(A, 200)).isEqualTo(200);
        assertThat(world.faults.snapshot()).containsKey("too many circuits of one address");
    }

    @Test
    void anAddressWithAHundredConnectionsGetsNoMore() {
        for (int i = 0; i < 101; i++) {
            assertThat(guard.accepts(A)).isTrue();
            connect(A, 1);
            advance(1);
        }
        assertThat(guard.accepts(A)).isFalse();
        assertThat(guard.accepts(B)).isTrue();
        guard.closed(A);
        assertThat(guard.accepts(A)).isTrue();
    }

    /// Forty at once; then the address is marked for a day at least, however few connections it has.
    @Test
    void connectionsThatComeTooFastMarkTheAddress() {
        for (int i = 0; i < 40; i++) {
            assertThat(guard.accepts(A)).isTrue();
            connect(A, 1);
            guard.closed(A);
        }
        assertThat(guard.accepts(A)).isFalse();
        advance(86_000);
        assertThat(guard.accepts(A)).isFalse();
        advance(43_700);
        assertThat(guard.accepts(A)).isTrue();
        assertThat(world.faults.tallies().snapshot())
                .containsEntry(Tally.DOS_CONNECTION_REJECTED, 2L)
                .containsEntry(Tally.DOS_CONCURRENT_CONNECTION_REJECTED, 0L);
    }

    @Test
    void circuitsThatOverflowTheirNextHopMarkTheAddress() {
        connect(A, 1);
        guard.queueOverflowed(A);
        guard.queueOverflowed(A);
        assertThat(guard.allowsCircuit(A)).isTrue();
        guard.queueOverflowed(A);
        assertThat(guard.allowsCircuit(A)).isFalse();
        assertThat(guard.allowsCircuit(B)).isTrue();
        assertThat(world.faults.tallies().snapshot()).containsEntry(Tally.DOS_ADDRESS_MARKED_FOR_QUEUES, 1L);
    }

    @Test
    void noOverflowMarksWhereTheAuthoritiesSwitchItOff() {
        voted.put("dos_num_circ_max_outq", 0);
        connect(A, 1);
        for (int i = 0; i < 100; i++) {
            guard.queueOverflowed(A);
        }
        assertThat(guard.allowsCircuit(A)).isTrue();
    }

    /// Addresses are people's: nothing of them stays that need not.
    @Test
    void whoIsGoneIsForgottenOnceNothingIsUsedUp() {
        connect(A, 1);
        circuits(A, 1);
        guard.forget();
        assertThat(guard.watched()).isEqualTo(1);
        guard.closed(A);
        advance(1);
        guard.forget();
        assertThat(guard.watched()).isZero();
    }

    @Test
    void whoIsMarkedIsRememberedUntilTheMarkEnds() {
        connect(A, 3);
        circuits(A, 100);
        for (int i = 0; i < 3; i++) {
            guard.closed(A);
        }
        advance(3_000);
        guard.forget();
        assertThat(guard.watched()).isEqualTo(1);
        advance(2_500);
        guard.forget();
        assertThat(guard.watched()).isZero();
    }

    @Test
    void noMoreAddressesAreWatchedThanTheTableHolds() {
        for (int i = 0; i < ClientGuard.ADDRESSES_MAX; i++) {
            assertThat(guard.connected(new ClientAddress(
                            InetAddress.ofLiteral("10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff)))))
                    .isTrue();
        }
        assertThat(guard.connected(A)).isFalse();
        assertThat(guard.accepts(A)).isTrue();
        assertThat(guard.watched()).isEqualTo(ClientGuard.ADDRESSES_MAX);
    }
}
