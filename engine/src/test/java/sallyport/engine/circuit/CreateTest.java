package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionskin.NtorV3Client;

/// A CREATE that is answered wrongly costs its client the circuit; one that is never answered costs it seconds.
class CreateTest {
    private static final int TORPROTOCOL = DestroyReason.TORPROTOCOL.code();

    /// What the queue of onion skins hands to the workers at once; there is one thread here.
    private static final int AT_WORK = 16;

    private final CircuitRig rig = new CircuitRig(1, true);
    private final FakeLinks.Peer peer = rig.client();

    @AfterEach
    void nothingIsLeft() {
        rig.end(peer);
    }

    @Test
    void ntorCircuitCarriesMessagesBothWays() throws Malformed {
        TestClient client = new TestClient(rig, peer, 5).create();
        assertThat(rig.circuits.open()).isEqualTo(1);
        assertThat(rig.reached).containsExactly(peer.link());
        client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
        List<TestClient.Message> answer = client.read();
        assertThat(answer).hasSize(1);
        assertThat(answer.getFirst().command()).isEqualTo(RelayCommand.TRUNCATED);
        assertThat(answer.getFirst().body()).containsExactly(DestroyReason.REQUESTED.code());
    }

    @Test
    void ntorV3CircuitCarriesMessagesBothWays() throws Malformed {
        for (byte[] asked : List.of(NtorV3Client.plain(), NtorV3Client.congestionControl())) {
            TestClient client = new TestClient(rig, peer, 5 + asked.length);
            assertThat(client.createV3(asked)).isEqualTo(asked.length == 1 ? 0 : 31);
            client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
            assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.TRUNCATED);
        }
        assertThat(rig.circuits.all()).extracting(RelayCircuit::sendmeIncrement).containsExactly(0, 31);
    }

    @Test
    void createFastIsAnsweredWithinTheTurn() throws Malformed {
        TestClient client = new TestClient(rig, peer, 5).createFast();
        client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
        assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.TRUNCATED);
    }

    @Test
    void manyCircuitsOnOneLinkDoNotMix() throws Malformed {
        TestClient[] clients = new TestClient[20];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new TestClient(rig, peer, i + 1).create();
        }
        for (TestClient client : clients) {
            client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
            assertThat(client.read()).hasSize(1);
        }
        assertThat(rig.circuits.open()).isEqualTo(20);
    }

    @Test
    void oneLinkCannotFillTheHeapWithCircuits() throws Malformed {
        for (int id = 1; id <= Circuits.CIRCUITS_PER_LINK_MAX; id++) {
            peer.deliver(0x8000_0000 | id, CellCommand.CREATE_FAST, new byte[20]);
        }
        assertThat(rig.circuits.open()).isEqualTo(Circuits.CIRCUITS_PER_LINK_MAX);
        peer.deliver(0x8000_0000 | 0x10_0000, CellCommand.CREATE_FAST, new byte[20]);
        assertThat(rig.circuits.open()).isEqualTo(Circuits.CIRCUITS_PER_LINK_MAX);
        assertThat(rig.faults.snapshot()).containsEntry("CREATE beyond the limit of a link", 1L);

        FakeLinks.Peer other = rig.client();
        new TestClient(rig, other, 5).createFast();
        assertThat(rig.circuits.open()).isEqualTo(Circuits.CIRCUITS_PER_LINK_MAX + 1);
        other.close();
    }

    @Test
    void tapIsRefused() {
        assertRefused(CellCommand.CREATE, new byte[186], TORPROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 0xff})
    void handshakesThatAreNotOfferedAreRefused(int type) {
        assertRefused(CellCommand.CREATE2, TestClient.create2(type, new byte[84]), TORPROTOCOL);
    }

    @Test
    void badNtorRequestsAreRefused() {
        assertRefused(CellCommand.CREATE2, TestClient.create2(2, new byte[83]), TORPROTOCOL);
        assertRefused(CellCommand.CREATE2, TestClient.create2(2, new byte[84]), TORPROTOCOL);
        assertRefused(CellCommand.CREATE2, new byte[] {0, 2, 1, (byte) 0xfa}, TORPROTOCOL);
        byte[] unknownKey = new TestClient(rig, peer, 9).ntor().request();
        unknownKey[30] ^= 1;
        assertRefused(CellCommand.CREATE2, TestClient.create2(2, unknownKey), TORPROTOCOL);
        byte[] smallOrder = new TestClient(rig, peer, 9).ntor().request();
        Arrays.fill(smallOrder, 52, 84, (byte) 0);
        assertRefused(CellCommand.CREATE2, TestClient.create2(2, smallOrder), TORPROTOCOL);
    }

    /// C tor's estimate before it has measured: one millisecond each; there is one thread here.
    @Test
    void overfullQueueRefusesAtOnce() {
        byte[] body = TestClient.create2(2, new byte[84]);
        List<FakeLinks.Peer> many = new ArrayList<>();
        for (int i = 0; i < AT_WORK + 1751; i++) {
            // Few of each, so that none of them has to leave room for others.
            if (i % 8 == 0) {
                many.add(rig.clientAt(many.size() + 1));
            }
            many.getLast().deliver(i % 8 + 1 | 1 << 31, CellCommand.CREATE2, body);
        }
        assertThat(rig.circuits.open()).isEqualTo(AT_WORK + 1751);
        assertThat(peer.take()).isEmpty();
        TestClient client = new TestClient(rig, peer, 9000);
        client.deliver(CellCommand.CREATE2, body);
        rig.world.turn();
        assertThat(rig.circuits.open()).isEqualTo(AT_WORK + 1751);
        List<byte[]> refusal = peer.take();
        assertThat(refusal).hasSize(1);
        assertThat(refusal.getFirst()[Cell.BODY]).isEqualTo((byte) DestroyReason.RESOURCELIMIT.code());
        many.forEach(FakeLinks.Peer::close);
    }

    /// Who gives up makes room at once.
    @Test
    void destroyedCircuitsLeaveTheQueue() {
        byte[] body = TestClient.create2(3, new byte[0]);
        for (int round = 0; round < 3; round++) {
            for (int id = 1; id <= 1000; id++) {
                peer.deliver(id | 1 << 31, CellCommand.CREATE2, body);
            }
            assertThat(rig.circuits.open()).isEqualTo(1000);
            for (int id = 1; id <= 1000; id++) {
                peer.deliver(id | 1 << 31, CellCommand.DESTROY, new byte[] {0});
            }
            assertThat(rig.circuits.open()).isZero();
        }
        rig.settle();
        assertThat(peer.take()).isEmpty();
    }

    @Test
    void anOnionSkinThatWaitedTooLongIsNotComputed() {
        byte[] body = TestClient.create2(2, new byte[84]);
        for (int id = 1; id <= AT_WORK; id++) {
            peer.deliver(id | 1 << 31, CellCommand.CREATE2, body);
        }
        TestClient client = new TestClient(rig, peer, 90);
        client.deliver(CellCommand.CREATE2, TestClient.create2(2, client.ntor().request()));
        rig.world.advance(5);
        rig.world.work();
        assertThat(client.destroyed()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
        assertThat(rig.circuits.open()).isZero();
    }

    @Test
    void relayWhileTheOnionSkinWaitsClosesTheCircuit() {
        TestClient client = new TestClient(rig, peer, 9);
        client.deliver(CellCommand.CREATE2, TestClient.create2(2, client.ntor().request()));
        client.deliver(CellCommand.RELAY, new byte[509]);
        assertThat(rig.circuits.open()).isZero();
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
    }

    @Test
    void destroyAndLinkEndWhileTheOnionSkinWaitsAreQuiet() {
        TestClient client = new TestClient(rig, peer, 9);
        client.deliver(CellCommand.CREATE2, TestClient.create2(2, client.ntor().request()));
        client.deliver(CellCommand.DESTROY, new byte[] {0});
        FakeLinks.Peer other = rig.client();
        other.deliver(
                1 << 31 | 1,
                CellCommand.CREATE2,
                TestClient.create2(2, client.ntor().request()));
        other.close();
        rig.settle();
        assertThat(rig.circuits.open()).isZero();
        assertThat(peer.take()).isEmpty();
        assertThat(rig.reached).isEmpty();
    }

    @Test
    void badNtorV3RequestsAreRefused() {
        TestClient client = new TestClient(rig, peer, 9);
        assertRefused(CellCommand.CREATE2, TestClient.create2(3, new byte[0]), TORPROTOCOL);
        assertRefused(CellCommand.CREATE2, TestClient.create2(3, new byte[84]), TORPROTOCOL);
        assertRefused(CellCommand.CREATE2, TestClient.create2(3, new byte[505]), TORPROTOCOL);
        assertRefused(CellCommand.CREATE2, new byte[] {0, 3, 1, (byte) 0xfa}, TORPROTOCOL);
        byte[] unreadable = {1};
        byte[] cgoAlone = {1, 3, 2, 2, 6};
        byte[] ntor = {2, 1, 0, 3, 2, 2, 4};
        for (byte[] extensions : List.of(unreadable, cgoAlone, ntor)) {
            byte[] request = client.ntorV3(extensions).request();
            assertRefused(CellCommand.CREATE2, TestClient.create2(3, request), TORPROTOCOL);
        }
        byte[] changed = client.ntorV3(NtorV3Client.plain()).request().clone();
        changed[96] ^= 1;
        assertRefused(CellCommand.CREATE2, TestClient.create2(3, changed), TORPROTOCOL);
    }

    @Test
    void closingRelayRefusesNewCircuits() throws Malformed {
        TestClient old = new TestClient(rig, peer, 1).create();
        rig.circuits.closeAll(DestroyReason.FINISHED);
        assertThat(old.destroyed()).isEqualTo(DestroyReason.FINISHED.code());
        assertRefused(CellCommand.CREATE_FAST, new byte[20], DestroyReason.HIBERNATING.code());
    }

    /// Until the quota of the next interval.
    @Test
    void aHibernatingRelayRefusesNewCircuitsOnlyUntilItWakes() throws Malformed {
        rig.circuits.refuseNew(true);
        assertRefused(CellCommand.CREATE_FAST, new byte[20], DestroyReason.HIBERNATING.code());
        rig.circuits.refuseNew(false);
        new TestClient(rig, peer, 1).create();
        assertThat(rig.circuits.open()).isEqualTo(1);
    }

    /// A circuit half made must not stay in any table.
    @Test
    void anExceptionOfOursWhileCreatingClosesTheCircuit() {
        rig.ownBugsExpected = true;
        rig.parametersFail = new IllegalArgumentException("test");
        TestClient client = new TestClient(rig, peer, 9);
        client.deliver(CellCommand.CREATE2, TestClient.create2(2, client.ntor().request()));
        rig.parametersFail = null;
        assertThat(client.destroyed()).isEqualTo(DestroyReason.INTERNAL.code());
        assertThat(rig.circuits.open()).isZero();
        assertThat(peer.link().openCircuits()).isZero();
    }

    private void assertRefused(int command, byte[] body, int reason) {
        peer.deliver(77 | 1 << 31, command, body);
        rig.settle();
        List<byte[]> cells = peer.take();
        assertThat(cells).hasSize(1);
        assertThat(cells.getFirst()[4]).isEqualTo((byte) CellCommand.DESTROY);
        assertThat(cells.getFirst()[Cell.BODY]).isEqualTo((byte) reason);
        assertThat(rig.circuits.open()).isZero();
    }
}
