package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.link.FakeLinks;

/// Peers that make us hold cells and never read them (the "sniper attack").
class FloodTest {
    private static final int LIMIT_BYTES = 4 << 20;
    private static final int RESOURCELIMIT = DestroyReason.RESOURCELIMIT.code();
    private static final int NEXT = 2;
    private static final RelayAddress PUBLIC = new RelayAddress(new byte[] {5, 6, 7, 8}, 9001);

    private final CircuitRig rig = new CircuitRig(7, false, world -> TestLimits.of(world, LIMIT_BYTES, 1024, 64));
    private final FakeLinks.Peer next = rig.relay(true, NEXT);
    private final List<TestClient> clients = new ArrayList<>();

    /// Ten circuits of one that does not read, each below its own limit, together far beyond the account's.
    @Test
    void theCircuitsThatWaitLongestDieAndANeighbourGoesOn() throws Malformed {
        FakeLinks.Peer attacker = rig.relay(false, 1);
        FakeLinks.Peer person = rig.relay(false, 3);
        List<Integer> flooded = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            flooded.add(extended(attacker, i));
        }
        int served = extended(person, 1);
        attacker.readable(false);

        MemoryAccount memory = rig.limits.memory();
        int received = 0;
        int sent = 0;
        for (int round = 0; round < 200; round++) {
            rig.world.advance(1);
            for (int circuit : flooded) {
                for (int i = 0; i < 10; i++) {
                    next.deliver(circuit, CellCommand.RELAY, CircuitRig.bytes(509, 7));
                }
            }
            for (int i = 0; i < 20; i++) {
                sent++;
                next.deliver(served, CellCommand.RELAY, CircuitRig.bytes(509, 8));
            }
            rig.settle();
            assertThat(memory.held()).isLessThan(LIMIT_BYTES + 2 * 65_536L);
            received += person.take().size();
        }
        assertThat(received).isEqualTo(sent);
        assertThat(rig.faults.snapshot()).containsKey("memory: closed for waiting longest");
        assertThat(rig.world.lines).singleElement().asString().startsWith("WARN memory in queues is short: ");

        // Both ends of a circuit that died were told why, and only of those.
        List<byte[]> toNext = next.take();
        List<Integer> dead = new ArrayList<>();
        for (byte[] cell : toNext) {
            assertThat(cell[4]).isEqualTo((byte) CellCommand.DESTROY);
            assertThat(cell[5]).isEqualTo((byte) RESOURCELIMIT);
            dead.add(id(cell));
        }
        assertThat(flooded).containsAll(dead);
        assertThat(dead).isNotEmpty().hasSizeLessThan(10 + 1);
        attacker.readable(true);
        rig.settle();
        long destroyed = attacker.take().stream()
                .filter(cell -> cell[4] == CellCommand.DESTROY && cell[5] == RESOURCELIMIT)
                .count();
        assertThat(destroyed).isEqualTo(dead.size());
        rig.end(attacker, person, next);
    }

    /// Toward the next hop the consensus may set another limit than toward the client.
    @Test
    void aQueueTowardTheNextHopHasItsOwnLimit() throws Malformed {
        rig.parameters.put("circ_max_cell_queue_size", 2000);
        rig.parameters.put("circ_max_cell_queue_size_out", 60);
        FakeLinks.Peer previous = rig.relay(false, 1);
        extended(previous, 1);
        TestClient client = clients.getFirst();
        next.readable(false);
        for (int i = 0; i < 60; i++) {
            client.deliver(CellCommand.RELAY, CircuitRig.bytes(509, 9));
        }
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        client.deliver(CellCommand.RELAY, CircuitRig.bytes(509, 9));
        assertThat(client.destroyed()).isEqualTo(RESOURCELIMIT);
        next.readable(true);
        rig.settle();
        assertThat(next.take()).singleElement().satisfies(cell -> {
            assertThat(cell[4]).isEqualTo((byte) CellCommand.DESTROY);
            assertThat(cell[5]).isEqualTo((byte) RESOURCELIMIT);
        });
        rig.end(previous, next);
    }

    @Test
    void circuitsBeyondTheProcessAreRefusedUntilOneEnds() throws Malformed {
        FakeLinks.Peer peer = rig.client();
        for (int i = 1; i <= 64; i++) {
            new TestClient(rig, peer, i).createFast();
        }
        int id = 65 | 1 << 31;
        peer.deliver(id, CellCommand.CREATE_FAST, CircuitRig.bytes(20, 1));
        rig.settle();
        assertThat(peer.take()).singleElement().satisfies(cell -> {
            assertThat(id(cell)).isEqualTo(id);
            assertThat(cell[4]).isEqualTo((byte) CellCommand.DESTROY);
            assertThat(cell[5]).isEqualTo((byte) RESOURCELIMIT);
        });
        assertThat(rig.faults.snapshot()).containsEntry("CREATE beyond the circuits of the process", 1L);
        peer.deliver(1 | 1 << 31, CellCommand.DESTROY, new byte[] {0});
        new TestClient(rig, peer, 65).createFast();
        rig.end(peer, next);
    }

    /// New handshakes are the first to give way, and whoever has most of them: a link that floods us gets
    /// no more circuits while memory is short, and everybody else does.
    @Test
    void whileMemoryIsShortALinkWithManyCircuitsGetsNoMore() throws Malformed {
        FakeLinks.Peer greedy = rig.relay(false, 1);
        FakeLinks.Peer other = rig.relay(false, 3);
        FakeLinks.Peer person = rig.client();
        for (int i = 1; i <= 2 * Circuits.FEW_CIRCUITS; i++) {
            new TestClient(rig, greedy, i).createFast();
        }
        new TestClient(rig, other, 1).createFast();
        rig.limits.memory().add(MemoryKind.STREAMS, LIMIT_BYTES + 1);
        rig.settle();
        rig.limits.memory().add(MemoryKind.STREAMS, -LIMIT_BYTES - 1);

        int id = 100 | 1 << 31;
        greedy.deliver(id, CellCommand.CREATE_FAST, CircuitRig.bytes(20, 1));
        rig.settle();
        assertThat(greedy.take()).singleElement().satisfies(cell -> {
            assertThat(cell[4]).isEqualTo((byte) CellCommand.DESTROY);
            assertThat(cell[5]).isEqualTo((byte) RESOURCELIMIT);
        });
        new TestClient(rig, other, 2).createFast();
        new TestClient(rig, person, 1).createFast();
        assertThat(rig.faults.snapshot())
                .containsEntry("CREATE of a link with many circuits, while memory is short", 1L);

        rig.world.advance(10);
        new TestClient(rig, greedy, 101).createFast();
        rig.end(greedy, other, person, next);
    }

    /// What waits is counted to the byte, and leaves the account as it leaves.
    @Test
    void cellsAreCountedWhileTheyWait() throws Malformed {
        FakeLinks.Peer previous = rig.relay(false, 1);
        int circuit = extended(previous, 1);
        previous.readable(false);
        for (int i = 0; i < 100; i++) {
            next.deliver(circuit, CellCommand.RELAY, CircuitRig.bytes(509, 7));
        }
        rig.settle();
        assertThat(rig.limits.memory().held(MemoryKind.CELLS)).isEqualTo(100L * Cell.CHARGED_BYTES);
        previous.readable(true);
        rig.settle();
        assertThat(previous.take()).hasSize(100);
        assertThat(rig.limits.memory().held(MemoryKind.CELLS)).isZero();
        rig.end(previous, next);
    }

    /// A circuit with a next hop; returns its id there.
    private int extended(FakeLinks.Peer previous, int circuitId) throws Malformed {
        TestClient client = new TestClient(rig, previous, circuitId).create();
        clients.add(client);
        Create2Body create = new Create2Body(2, CircuitRig.bytes(84, 9));
        Extend2Body request = new Extend2Body(PUBLIC, null, CircuitRig.bytes(20, NEXT), null, create);
        client.sendEarly(RelayCommand.EXTEND2, 0, request.encode());
        rig.dials.getLast().opened(next.link());
        rig.settle();
        byte[] asked = next.take().getFirst();
        assertThat(asked[4]).isEqualTo((byte) CellCommand.CREATE2);
        return id(asked);
    }

    private static int id(byte[] cell) {
        return java.nio.ByteBuffer.wrap(Arrays.copyOf(cell, 4)).getInt();
    }
}
