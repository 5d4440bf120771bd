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
    // A millisecond each is what they are taken for.
    private static final int ROOM = 400;
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
        rig.settle();
        // What has become free is for others first, for as long as two looks.
        rig.links.lookAround();
        rig.links.lookAround();
        new TestClient(rig, peer, 65).createFast();
        rig.end(peer, next);
    }

    /// New handshakes are the first to give way, and those of whoever asks for most: a source that floods us
    /// gets few circuits while memory is short, over whichever link, and everybody else has his.
    @Test
    void whileMemoryIsShortWhoeverAsksForMostGetsFewAndOthersAll() throws Malformed {
        FakeLinks.Peer greedy = rig.clientAt(1);
        FakeLinks.Peer alsoGreedy = rig.clientAt(1);
        FakeLinks.Peer person = rig.clientAt(2);
        assertThat(created(greedy, 1, 40)).isEqualTo(40);
        destroy(greedy, 1, 40);
        rig.limits.memory().add(MemoryKind.STREAMS, LIMIT_BYTES + 1);
        rig.settle();
        rig.limits.memory().add(MemoryKind.STREAMS, -LIMIT_BYTES - 1);

        assertThat(created(alsoGreedy, 1, 40)).isLessThan(40 / 2);
        for (int i = 1; i <= 8; i++) {
            new TestClient(rig, person, i).createFast();
        }
        assertThat(rig.faults.snapshot())
                .containsKey("CREATE of a source with many, while memory or circuits are short");

        rig.world.advance(10);
        destroy(alsoGreedy, 1, 40);
        assertThat(created(alsoGreedy, 41, 40)).isEqualTo(40);
        rig.end(greedy, alsoGreedy, person, next);
    }

    /// Onion skins wait, and more of them come than can be computed: the room that is left is for those who
    /// ask for few.
    @Test
    void aQueueOfOnionSkinsThatFillsUpKeepsRoomForWhoeverAsksForFew() {
        CircuitRig roomy = new CircuitRig(8, false);
        roomy.parameters.put("MaxOnionQueueDelay", ROOM);
        FakeLinks.Peer greedy = roomy.clientAt(1);
        List<FakeLinks.Peer> people = new ArrayList<>();
        ask(roomy, greedy, 5 * ROOM);
        int waiting = roomy.circuits.onionSkins().waiting();
        assertThat(waiting).isBetween(ROOM * 3 / 4, ROOM - 20);
        for (int i = 2; i < 22; i++) {
            FakeLinks.Peer person = roomy.clientAt(i);
            people.add(person);
            ask(roomy, person, 1);
        }
        assertThat(roomy.circuits.onionSkins().waiting()).isEqualTo(waiting + 20);
        roomy.settle();
        people.forEach(person -> assertThat(person.take())
                .singleElement()
                .satisfies(cell -> assertThat(cell[4]).isEqualTo((byte) CellCommand.CREATED2)));
        people.add(greedy);
        roomy.end(people.toArray(FakeLinks.Peer[]::new));
        rig.end(next);
    }

    private static void ask(CircuitRig of, FakeLinks.Peer peer, int count) {
        byte[] skin = TestClient.create2(2, new TestClient(of, peer, 1).ntor().request());
        for (int i = 1; i <= count; i++) {
            peer.deliver(i | 1 << 31, CellCommand.CREATE2, skin);
        }
    }

    /// How many of so many CREATE_FAST of one peer are answered with a circuit.
    private int created(FakeLinks.Peer peer, int firstId, int count) {
        for (int i = 0; i < count; i++) {
            peer.deliver(firstId + i | 1 << 31, CellCommand.CREATE_FAST, CircuitRig.bytes(20, 1));
        }
        rig.settle();
        return (int) peer.take().stream()
                .filter(cell -> cell[4] == CellCommand.CREATED_FAST)
                .count();
    }

    private void destroy(FakeLinks.Peer peer, int firstId, int count) {
        for (int i = 0; i < count; i++) {
            peer.deliver(firstId + i | 1 << 31, CellCommand.DESTROY, new byte[] {0});
        }
        rig.settle();
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
