package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;

/// An open link: circuit ids, DESTROY, queues, and who sends first.
final class LinkTest {
    private static final int HIGH = 1 << 31;

    private final LinkPair pair = new LinkPair();
    private Link dialed;
    private Link accepted;

    @BeforeEach
    void connect() throws Exception {
        pair.connect();
        dialed = pair.alice.link();
        accepted = pair.bob.link();
    }

    @AfterEach
    void everythingIsGivenBack() {
        pair.close();
        assertThat(pair.alice.pool.outstanding()).isZero();
        assertThat(pair.bob.pool.outstanding()).isZero();
    }

    @Test
    void dialerChoosesIdsWithTheTopBitAndAcceptorWithout() {
        assertThat(dialed.open(new Ear()).circuitId() & HIGH).isNotZero();
        assertThat(accepted.open(new Ear()).circuitId() & HIGH).isZero();
    }

    @Test
    void cellsReachTheCircuitOfTheirIdAndNobodyElse() {
        CircuitPort port = dialed.open(new Ear());
        Ear there = new Ear();
        pair.bob.onCreate = (link, cell) -> {
            assertThat(link.attach(cell.circuitId(), there)).isNotNull();
            cell.release();
        };
        port.send(LinkPair.cell(pair.alice.pool, CellCommand.CREATE2));
        pair.settle();
        port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY_EARLY));
        pair.settle();
        send(HIGH | 12345, CellCommand.RELAY);

        assertThat(there.commands).containsExactly(CellCommand.RELAY, CellCommand.RELAY_EARLY);
        assertThat(pair.bob.faults.snapshot()).isEmpty();
    }

    @Test
    void createWithAnIdOfOurHalfIsDestroyed() {
        send(77, CellCommand.CREATE_FAST);

        List<String> answers = readFromBob();
        assertThat(answers).containsExactly("77 DESTROY " + DestroyReason.TORPROTOCOL.code());
        assertThat(pair.bob.creates).isEmpty();
        assertThat(pair.bob.faults.snapshot()).containsKey("link: CREATE with an id of our half");
    }

    @Test
    void createWithIdZeroOrAnIdInUseIsDropped() {
        pair.bob.onCreate = (link, cell) -> {
            pair.bob.creates.add(cell.circuitId());
            link.attach(cell.circuitId(), new Ear());
            cell.release();
        };
        send(0, CellCommand.CREATE2);
        send(HIGH | 5, CellCommand.CREATE2);
        send(HIGH | 5, CellCommand.CREATE2);

        assertThat(pair.bob.creates).containsExactly(HIGH | 5);
        assertThat(readFromBob()).isEmpty();
        assertThat(pair.bob.faults.snapshot()).containsKeys("link: CREATE with id 0", "link: CREATE with an id in use");
    }

    @Test
    void anIdWhoseDestroyWaitsCannotBeUsed() {
        pair.bob.onCreate = (link, cell) -> {
            pair.bob.creates.add(cell.circuitId());
            link.sendDestroy(cell.circuitId(), DestroyReason.RESOURCELIMIT);
            cell.release();
        };
        send(HIGH | 6, CellCommand.CREATE2);
        send(HIGH | 6, CellCommand.CREATE2);
        assertThat(pair.bob.creates).hasSize(1);
        assertThat(accepted.attach(HIGH | 6, new Ear())).isNull();

        pair.bob.world.endTurn();
        send(HIGH | 6, CellCommand.CREATE2);

        assertThat(pair.bob.creates).hasSize(2);
    }

    @Test
    void destroyFromThePeerEndsTheCircuitOnceAndFreesItsId() {
        Ear ear = new Ear();
        CircuitPort port = accepted.attach(HIGH | 7, ear);
        port.send(LinkPair.cell(pair.bob.pool, CellCommand.RELAY));
        send(HIGH | 7, CellCommand.DESTROY);
        send(HIGH | 7, CellCommand.DESTROY);

        assertThat(ear.destroyed).containsExactly(0);
        assertThat(port.queuedCells()).isZero();
        port.send(LinkPair.cell(pair.bob.pool, CellCommand.RELAY));
        assertThat(accepted.attach(HIGH | 7, new Ear())).isNotNull();
    }

    @Test
    void unknownCommandsPaddingAndReservedCellsAreIgnored() {
        send(0, CellCommand.PADDING);
        send(1, 100);
        pair.bobWire.writeInbound(
                LinkPair.bytes(new byte[] {0, 0, 0, 0, (byte) CellCommand.VPADDING, 0, 3, 1, 2, 3}),
                LinkPair.bytes(new byte[] {0, 0, 0, 0, (byte) CellCommand.AUTHORIZE, 0, 1, 1}));

        assertThat(accepted.isOpen()).isTrue();
        assertThat(pair.bob.links.counters().get(LinkCounters.Kind.PADDING_RECEIVED))
                .isEqualTo(1);
    }

    @Test
    void nothingIsWrittenBeforeTheTurnEndsAndThenInRecordsOf31Cells() {
        CircuitPort port = dialed.open(new Ear());
        for (int i = 0; i < 63; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        assertThat((Object) pair.aliceWire.readOutbound()).isNull();

        pair.alice.world.endTurn();

        assertThat(records()).containsExactly(31 * Cell.LENGTH, 31 * Cell.LENGTH, Cell.LENGTH);
    }

    @Test
    void theQuietCircuitOvertakesTheBusyOne() {
        CircuitPort busy = dialed.open(new Ear());
        for (int i = 0; i < 400; i++) {
            busy.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();
        records();
        for (int i = 0; i < 40; i++) {
            busy.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        CircuitPort quiet = dialed.open(new Ear());
        quiet.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        quiet.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        pair.alice.world.endTurn();

        List<Integer> order = idsWritten();
        assertThat(order).hasSize(42);
        assertThat(order.subList(0, 2)).containsOnly(quiet.circuitId());
        assertThat(order.subList(2, 42)).containsOnly(busy.circuitId());
    }

    @Test
    void oldTrafficIsForgottenByHalfEveryHalfLife() {
        CircuitPort old = dialed.open(new Ear());
        for (int i = 0; i < 64; i++) {
            old.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();
        records();
        pair.alice.world.advance(java.time.Duration.ofSeconds(30L * 10));
        CircuitPort fresh = dialed.open(new Ear());
        fresh.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        pair.alice.world.endTurn();
        records();
        old.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        fresh.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        pair.alice.world.endTurn();

        // 64 cells ten half-lives ago weigh a sixteenth of the one that was sent just now.
        assertThat(idsWritten()).containsExactly(old.circuitId(), fresh.circuitId());
    }

    @Test
    void aQueueOverItsLimitEndsTheCircuitAfterTheTurn() {
        Ear ear = new Ear();
        CircuitPort port = accepted.attach(HIGH | 8, ear);
        for (int i = 0; i < 2501; i++) {
            port.send(LinkPair.cell(pair.bob.pool, CellCommand.RELAY));
        }
        assertThat(port.queuedCells()).isZero();
        assertThat(ear.destroyed).isEmpty();

        pair.bob.world.endTurn();

        assertThat(ear.destroyed).containsExactly(DestroyReason.RESOURCELIMIT.code());
        assertThat(readFromBob()).containsExactly((HIGH | 8) + " DESTROY " + DestroyReason.RESOURCELIMIT.code());
        assertThat(pair.bob.links.counters().get(LinkCounters.Kind.CIRCUIT_QUEUES_OVERFLOWED))
                .isEqualTo(1);
    }

    @Test
    void whoeverPausedAtTheHighMarkHearsOfTheLowOne() {
        Ear ear = new Ear();
        CircuitPort port = dialed.open(ear);
        for (int i = 0; i < CircuitPort.QUEUE_HIGH_CELLS - 1; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();
        assertThat(ear.lows).isZero();
        for (int i = 0; i < CircuitPort.QUEUE_HIGH_CELLS; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();
        assertThat(ear.lows).isEqualTo(1);
        assertThat(ear.queuedAtLow).isEqualTo(CircuitPort.QUEUE_LOW_CELLS);
        assertThat(port.queuedCells()).isZero();
    }

    /// Between the marks the answer depends on which of them was met last.
    @Test
    void aQueueThatWasFullStaysSoUntilTheLowMark() {
        Ear shorter = new Ear();
        CircuitPort first = dialed.open(shorter);
        CircuitPort second = dialed.open(new Ear());
        List<String> seen = new ArrayList<>();
        shorter.onLow = () -> seen.add(first.isFull() + " " + second.isFull() + " "
                + (second.queuedCells() < CircuitPort.QUEUE_HIGH_CELLS)
                + " "
                + (second.queuedCells() > CircuitPort.QUEUE_LOW_CELLS));
        for (int i = 0; i < 400; i++) {
            if (i < CircuitPort.QUEUE_HIGH_CELLS) {
                first.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
            }
            assertThat(second.isFull()).isEqualTo(i >= CircuitPort.QUEUE_HIGH_CELLS);
            second.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();
        assertThat(seen).containsExactly("false true true true");
    }

    @Test
    void circuitsMayEndAnythingFromInsideTheirCallbacks() {
        CircuitPort first = dialed.open(new Ear());
        Ear second = new Ear();
        CircuitPort port = dialed.open(second);
        second.onLow = () -> {
            first.destroy(DestroyReason.FINISHED);
            dialed.close();
        };
        for (int i = 0; i < 300; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        for (int i = 0; i < 100; i++) {
            first.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();

        assertThat(second.closed).isEqualTo(1);
        assertThat(dialed.isClosed()).isTrue();
        assertThat(dialed.open(new Ear())).isNull();
    }

    @Test
    void closingAllLinksDestroysEveryCircuitOnTheWire() {
        Ear ear = new Ear();
        CircuitPort port = accepted.attach(HIGH | 9, ear);
        port.send(LinkPair.cell(pair.bob.pool, CellCommand.RELAY));
        pair.bob.links.close();

        assertThat(ear.closed).isEqualTo(1);
        assertThat(readFromBob()).containsExactly((HIGH | 9) + " DESTROY " + DestroyReason.DESTROYED.code());
        assertThat(pair.bobWire.isOpen()).isFalse();
    }

    /// A relay whose quota is used up: nobody comes, nobody is called, until it wakes.
    @Test
    void whileAsleepNoLinkIsOpenOrOpened() throws Exception {
        Ear ear = new Ear();
        accepted.attach(HIGH | 9, ear);
        pair.bob.links.fallAsleep();
        assertThat(ear.closed).isEqualTo(1);
        assertThat(readFromBob()).containsExactly((HIGH | 9) + " DESTROY " + DestroyReason.HIBERNATING.code());
        assertThat(pair.bob.links.count()).isZero();

        pair.bob.links.accept(LinkWorld.channel(LinkPair.somebody()));
        assertThat(pair.bob.links.count()).isZero();
        pair.settle();
        pair.alice.links.fallAsleep();
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        assertThat(pair.results.getLast()).isEqualTo(DestroyReason.CONNECTFAILED);

        pair.alice.links.wakeUp();
        pair.bob.links.wakeUp();
        pair.connect();
        assertThat(pair.alice.link().isOpen()).isTrue();
    }

    @Test
    void closingAllLinksDestroysMoreCircuitsThanOneTurnWrites() {
        int circuits = LinkScheduler.TURN_RECORDS_MAX * LinkScheduler.RECORD_CELLS + 100;
        for (int i = 1; i <= circuits; i++) {
            accepted.attach(HIGH | i, new Ear());
        }
        pair.bob.links.close();

        assertThat(readFromBob()).hasSize(circuits);
    }

    /// A peer that finds how to make us fail must not fill the log.
    @Test
    void anExceptionOfOursClosesItsLinkAndIsSaidOnceAnHour() {
        for (int i = 0; i < 3; i++) {
            pair.bob.links.onBug(accepted, bug());
        }
        assertThat(accepted.isClosed()).isTrue();
        assertThat(pair.bob.faults.snapshot()).containsEntry(Links.OWN_BUG, 3L);
        assertThat(pair.bob.world.lines())
                .singleElement()
                .asString()
                .contains("IllegalStateException")
                .doesNotContain("what a peer sent");

        pair.bob.world.advance(java.time.Duration.ofHours(1));
        pair.bob.links.onBug(accepted, bug());
        assertThat(pair.bob.world.lines()).hasSize(2);
    }

    private static RuntimeException bug() {
        return new IllegalStateException("what a peer sent");
    }

    @Test
    void aTurnWritesSoMuchAndNoMoreAndTheNextGoesOn() {
        CircuitPort port = dialed.open(new Ear());
        int cells = (LinkScheduler.TURN_RECORDS_MAX + 2) * LinkScheduler.RECORD_CELLS;
        for (int i = 0; i < cells; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
        pair.alice.world.endTurn();
        assertThat(records()).hasSize(LinkScheduler.TURN_RECORDS_MAX);
        pair.aliceWire.runPendingTasks();
        assertThat(records()).hasSize(2);
    }

    @Test
    void circuitsHearOnceThatTheirLinkClosed() {
        Ear kept = new Ear();
        Ear left = new Ear();
        dialed.open(kept);
        dialed.open(left).detach();
        pair.bobWire.close();
        pair.settle();

        assertThat(kept.closed).isEqualTo(1);
        assertThat(left.closed).isZero();
        assertThat(pair.alice.links.count()).isZero();
    }

    /// Legs of one conflux set may share a link: the end of one ends the other while the link closes.
    @Test
    void aCircuitMayEndAnotherWhileTheirLinkCloses() {
        Ear[] ears = {new Ear(), new Ear()};
        CircuitPort[] ports = {dialed.open(ears[0]), dialed.open(ears[1])};
        ears[0].onClosed = () -> ports[1].destroy(DestroyReason.FINISHED);
        ears[1].onClosed = () -> ports[0].destroy(DestroyReason.FINISHED);
        dialed.close();

        assertThat(dialed.circuits().ports()).isZero();
        assertThat(pair.alice.faults.snapshot()).isEmpty();
    }

    private void send(int circuitId, int command) {
        byte[] cell = new byte[Cell.LENGTH];
        cell[0] = (byte) (circuitId >>> 24);
        cell[1] = (byte) (circuitId >>> 16);
        cell[2] = (byte) (circuitId >>> 8);
        cell[3] = (byte) circuitId;
        cell[4] = (byte) command;
        pair.bobWire.writeInbound(LinkPair.bytes(cell));
    }

    private List<String> readFromBob() {
        pair.bob.world.endTurn();
        List<String> cells = new ArrayList<>();
        for (ByteBuf out = pair.bobWire.readOutbound(); out != null; out = pair.bobWire.readOutbound()) {
            while (out.isReadable()) {
                int id = out.readInt();
                int command = out.readUnsignedByte();
                cells.add(id + " " + (command == CellCommand.DESTROY ? "DESTROY" : command) + " " + out.readByte());
                out.skipBytes(Cell.BODY_LENGTH - 1);
            }
            out.release();
        }
        return cells;
    }

    private List<Integer> records() {
        List<Integer> sizes = new ArrayList<>();
        for (ByteBuf out = pair.aliceWire.readOutbound(); out != null; out = pair.aliceWire.readOutbound()) {
            sizes.add(out.readableBytes());
            out.release();
        }
        return sizes;
    }

    private List<Integer> idsWritten() {
        List<Integer> ids = new ArrayList<>();
        for (ByteBuf out = pair.aliceWire.readOutbound(); out != null; out = pair.aliceWire.readOutbound()) {
            while (out.isReadable()) {
                ids.add(out.readInt());
                out.skipBytes(Cell.LENGTH - 4);
            }
            out.release();
        }
        return ids;
    }

    private final class Ear implements CellReceiver {
        final List<Integer> commands = new ArrayList<>();
        final List<Integer> destroyed = new ArrayList<>();
        int lows;
        int queuedAtLow;
        int closed;
        Runnable onLow = () -> {};
        Runnable onClosed = () -> {};

        @Override
        public void onCell(Cell cell) {
            commands.add(cell.command());
            cell.release();
        }

        @Override
        public void onDestroy(int reasonCode) {
            destroyed.add(reasonCode);
        }

        @Override
        public void onLinkClosed() {
            closed++;
            onClosed.run();
        }

        @Override
        public void onQueueLow() {
            lows++;
            queuedAtLow = dialed.scheduler().queuedCells();
            onLow.run();
        }
    }
}
