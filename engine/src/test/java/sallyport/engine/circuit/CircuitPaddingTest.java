package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.PaddingNegotiateBody;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.FakeLinks;

/// The padding machines of a circuit, cell by cell and microsecond by microsecond.
class CircuitPaddingTest {
    private static final int INTRODUCTION = 0;
    private static final int RENDEZVOUS = 1;
    private static final long STEP_MICROS = 100;
    /// Ten cells, ten milliseconds before each.
    private static final long LONG_ENOUGH_MICROS = 100_000;

    private final CircuitRig rig = new CircuitRig(8, true);
    private final FakeLinks.Peer peer = rig.client();
    private TestClient client = new TestClient(rig, peer, 1);

    /// What came, and when.
    private record Arrival(long micros, TestClient.Message message) {
        boolean isPadding() {
            return message.command() == RelayCommand.DROP;
        }
    }

    @BeforeEach
    void create() throws Malformed {
        client.createFast();
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(peer);
        rig.world.advance(10);
        assertThat(peer.take()).isEmpty();
    }

    @Test
    void rendezvousGetsOneCellWithinAMillisecond() {
        ask(true, RENDEZVOUS, 1);
        assertAnswer(client.read(), "0002010100000001");
        List<Arrival> arrivals = watch(LONG_ENOUGH_MICROS);
        assertThat(arrivals).hasSize(1);
        assertThat(arrivals.getFirst().isPadding()).isTrue();
        assertThat(arrivals.getFirst().micros()).isLessThanOrEqualTo(1_000);
        assertThat(arrivals.getFirst().message().body()).isEmpty();
    }

    /// Machine by machine the same counts and gaps as C tor's `relay_ip_circ`.
    @Test
    void introductionGetsSevenToNineCellsAndAnEnd() {
        Set<Integer> counts = new TreeSet<>();
        for (int i = 1; i <= 40; i++) {
            ask(true, INTRODUCTION, i);
            assertAnswer(client.read(), "00020100%08x".formatted(i));
            List<Arrival> arrivals = watch(LONG_ENOUGH_MICROS);
            Arrival end = arrivals.removeLast();
            assertAnswer(List.of(end.message()), "00010100%08x".formatted(i));
            assertThat(end.micros())
                    .as("right behind the last cell")
                    .isEqualTo(arrivals.getLast().micros());
            long before = 0;
            for (Arrival arrival : arrivals) {
                assertThat(arrival.isPadding()).isTrue();
                assertThat(arrival.micros() - before).isBetween(1_000L, 10_000L + STEP_MICROS);
                before = arrival.micros();
            }
            counts.add(arrivals.size());
        }
        assertThat(counts).containsExactly(7, 8, 9);
    }

    @Test
    void trafficTowardTheClientHoldsTheIntroductionMachineBack() {
        ask(true, INTRODUCTION, 1);
        client.read();
        for (int i = 0; i < 100; i++) {
            rig.world.advanceMicros(900);
            client.send(RelayCommand.TRUNCATE, 0, new byte[] {1});
            assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.TRUNCATED);
        }
        assertThat(watch(LONG_ENOUGH_MICROS)).hasSizeBetween(8, 10);
    }

    @Test
    void cellsFromTheClientDoNot() {
        ask(true, INTRODUCTION, 1);
        client.read();
        int cells = 0;
        for (int i = 0; i < 100; i++) {
            rig.world.advanceMicros(900);
            client.send(RelayCommand.DROP, 0, new byte[0]);
            cells += client.read().size();
        }
        assertThat(cells).isBetween(8, 10);
        assertThat(rig.tallied(Tally.DROP_RECEIVED)).isEqualTo(100);
    }

    @Test
    void machinesThatAreUnknownAreRefused() {
        for (int machine : new int[] {2, 3, 255}) {
            ask(true, machine, 0xffff_ffffL);
            assertAnswer(client.read(), "000202%02xffffffff".formatted(machine));
        }
        assertThat(watch(LONG_ENOUGH_MICROS)).isEmpty();
    }

    @Test
    void thereIsRoomForOneMachine() {
        ask(true, RENDEZVOUS, 1);
        watch(LONG_ENOUGH_MICROS);
        ask(true, INTRODUCTION, 2);
        assertAnswer(client.read(), "0002010000000002");
        assertThat(watch(LONG_ENOUGH_MICROS)).as("no second machine").isEmpty();
        ask(false, RENDEZVOUS, 1);
        assertAnswer(client.read(), "0001010100000001");
        ask(true, INTRODUCTION, 2);
        client.read();
        assertThat(watch(LONG_ENOUGH_MICROS)).hasSizeBetween(8, 10);
    }

    @Test
    void aStopEndsThePadding() {
        ask(true, INTRODUCTION, 1);
        client.read();
        assertThat(watch(20_000)).isNotEmpty();
        ask(false, INTRODUCTION, 0);
        assertAnswer(client.read(), "0001010000000000");
        assertThat(watch(LONG_ENOUGH_MICROS)).isEmpty();
    }

    /// An answer would be taken for one to a newer machine.
    @Test
    void aStopOfNothingIsNotAnswered() {
        ask(false, RENDEZVOUS, 0);
        ask(true, RENDEZVOUS, 1);
        watch(LONG_ENOUGH_MICROS);
        ask(false, RENDEZVOUS, 2);
        ask(false, INTRODUCTION, 1);
        ask(false, 99, 0);
        assertThat(watch(LONG_ENOUGH_MICROS)).isEmpty();
        assertThat(rig.faults.snapshot()).containsEntry("PADDING_NEGOTIATE that stops nothing", 4L);
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "00",
        "00020100000000",
        "0102010000000001",
        "0000010000000001",
        "0003010000000001",
        "0002010200000001"
    })
    void whatCannotBeReadIsDropped(String body) throws Malformed {
        client.send(RelayCommand.PADDING_NEGOTIATE, 0, Hex.decode(body));
        assertThat(watch(LONG_ENOUGH_MICROS)).isEmpty();
        assertThat(rig.faults.snapshot()).containsEntry("PADDING_NEGOTIATE that cannot be read", 1L);
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void disabledPaddingIsAgreedOnAndNotSent() {
        rig.parameters.put("circpad_padding_disabled", 1);
        ask(true, RENDEZVOUS, 1);
        assertAnswer(client.read(), "0002010100000001");
        assertThat(watch(LONG_ENOUGH_MICROS)).isEmpty();
    }

    /// Two cells are free; then they are two thirds of all.
    @Test
    void theShareOfAllCircuitsIsLimited() throws Malformed {
        rig.parameters.put("circpad_global_allowed_cells", 2);
        rig.parameters.put("circpad_global_max_padding_pct", 50);
        ask(true, INTRODUCTION, 1);
        client.read();
        assertThat(watch(LONG_ENOUGH_MICROS)).hasSize(2);
        // Another circuit's cells are others as well.
        client = new TestClient(rig, peer, 2).createFast();
        for (int i = 0; i < 20; i++) {
            client.send(RelayCommand.TRUNCATE, 0, new byte[] {1});
        }
        client.read();
        ask(true, INTRODUCTION, 1);
        client.read();
        assertThat(watch(LONG_ENOUGH_MICROS)).hasSizeBetween(8, 10);
    }

    @Test
    void nothingJoinsALongQueue() {
        rig.parameters.put("circpad_max_circ_queued_cells", 0);
        ask(true, INTRODUCTION, 1);
        client.send(RelayCommand.TRUNCATE, 0, new byte[] {1});
        for (int i = 0; i < 20; i++) {
            rig.world.advanceMicros(10_000);
        }
        List<TestClient.Message> messages = client.read();
        assertThat(messages).extracting(TestClient.Message::command).doesNotContain(RelayCommand.DROP);
        assertThat(messages.getLast().command()).isEqualTo(RelayCommand.PADDING_NEGOTIATED);
    }

    @Test
    void theEndOfTheCircuitEndsItsMachine() {
        ask(true, INTRODUCTION, 1);
        client.read();
        assertThat(rig.world.hasTimers()).isTrue();
        rig.circuits.closeAll(DestroyReason.FINISHED);
        assertThat(rig.world.hasTimers()).isFalse();
    }

    private void ask(boolean start, int machine, long counter) {
        client.send(RelayCommand.PADDING_NEGOTIATE, 0, new PaddingNegotiateBody(start, machine, counter).encode());
    }

    private List<Arrival> watch(long micros) {
        List<Arrival> arrivals = new ArrayList<>();
        for (long now = 0; now <= micros; now += STEP_MICROS) {
            for (TestClient.Message message : client.read()) {
                arrivals.add(new Arrival(now, message));
            }
            rig.world.advanceMicros(STEP_MICROS);
        }
        return arrivals;
    }

    private static void assertAnswer(List<TestClient.Message> messages, String body) {
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().command()).isEqualTo(RelayCommand.PADDING_NEGOTIATED);
        assertThat(messages.getFirst().streamId()).isZero();
        assertThat(Hex.lower(messages.getFirst().body())).isEqualTo(body);
    }
}
