package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionservice.OnionMessages;

/// Circuits that are, or want to be, introduction points and rendezvous points.
abstract class OnionServiceRig {
    static final int TORPROTOCOL = DestroyReason.TORPROTOCOL.code();
    static final int FINISHED = DestroyReason.FINISHED.code();
    static final byte[] SECRET = OnionMessages.secret(1);
    static final byte[] KEY = Ed25519.publicKey(SECRET);
    static final byte[] COOKIE = CircuitRig.bytes(20, 0x33);
    static final byte[] ACCEPTED = {0, 0, 0};
    static final byte[] UNKNOWN_ID = {0, 1, 0};
    static final byte[] BAD_FORMAT = {0, 2, 0};

    final CircuitRig rig = new CircuitRig(8, true);
    // One link each, so that nobody reads what is another's.
    final FakeLinks.Peer serviceSide = rig.relay(false, 1);
    final FakeLinks.Peer clientSide = rig.relay(false, 2);
    final FakeLinks.Peer elsewhere = rig.relay(false, 3);
    final FakeLinks.Peer next = rig.relay(true, 4);
    final FakeLinks.Peer person = rig.client();
    int nextId = 1;

    @AfterEach
    void nothingIsLeft() {
        rig.end(serviceSide, clientSide, elsewhere, next, person);
        assertThat(rig.circuits.onionDuties().counts().introductionPoints()).isZero();
        assertThat(rig.circuits.onionDuties().counts().rendezvousPoints()).isZero();
        assertThat(rig.circuits.onionDuties().counts().joined()).isZero();
    }

    static void isEstablished(TestClient.Message message) {
        assertThat(message.command()).isEqualTo(RelayCommand.INTRO_ESTABLISHED);
        assertThat(message.body()).containsExactly(0);
    }

    TestClient client(FakeLinks.Peer peer) throws Malformed {
        return new TestClient(rig, peer, nextId++).create();
    }

    TestClient uncheckedClient() {
        try {
            return client(serviceSide);
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    /// The circuit of a service that waits for introductions.
    TestClient establish(byte[] secret) throws Malformed {
        TestClient service = client(serviceSide);
        service.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(secret, service.nonce()));
        assertThat(service.read()).singleElement().satisfies(OnionServiceRig::isEstablished);
        return service;
    }

    /// What a client is answered whose circuit is good for one introduction.
    byte[] introduce(byte[] body) throws Malformed {
        TestClient client = client(clientSide);
        client.send(RelayCommand.INTRODUCE1, 0, body);
        List<TestClient.Message> answers = client.read();
        assertThat(answers)
                .singleElement()
                .satisfies(message -> assertThat(message.command()).isEqualTo(RelayCommand.INTRODUCE_ACK));
        return answers.getFirst().body();
    }

    /// A circuit that has a next hop.
    TestClient extended() throws Malformed {
        TestClient client = client(serviceSide);
        byte[] extend = new Extend2Body(
                        new RelayAddress(new byte[] {5, 6, 7, 8}, 9001),
                        null,
                        CircuitRig.bytes(20, 4),
                        null,
                        new Create2Body(2, new byte[84]))
                .encode();
        client.sendEarly(RelayCommand.EXTEND2, 0, extend);
        rig.dials.getLast().opened(next.link());
        rig.settle();
        next.take();
        return client;
    }

    TestClient rendezvousPoint(FakeLinks.Peer peer) throws Malformed {
        return rendezvousPoint(peer, COOKIE);
    }

    TestClient rendezvousPoint(FakeLinks.Peer peer, byte[] cookie) throws Malformed {
        TestClient client = client(peer);
        client.send(RelayCommand.ESTABLISH_RENDEZVOUS, 0, cookie);
        assertThat(client.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.RENDEZVOUS_ESTABLISHED);
            assertThat(message.body()).isEmpty();
        });
        return client;
    }

    static byte[] rendezvous1() {
        byte[] body = CircuitRig.bytes(84, 0x55);
        System.arraycopy(COOKIE, 0, body, 0, COOKIE.length);
        return body;
    }

    void assertEnds(TestClient client, int command, byte[] body) {
        client.send(command, 0, body);
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
    }

    Joined join(TestClient client, TestClient service) {
        byte[] body = rendezvous1();
        service.send(RelayCommand.RENDEZVOUS1, 0, body);
        assertThat(client.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.RENDEZVOUS2);
            assertThat(message.body()).isEqualTo(Arrays.copyOfRange(body, 20, 84));
        });
        assertThat(service.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        byte[] keys = rig.world.secret(72);
        client.addHop(keys);
        service.addHop(swapped(keys));
        return new Joined(client, service);
    }

    /// The other end's view of Df | Db | Kf | Kb.
    static byte[] swapped(byte[] keys) {
        byte[] out = new byte[72];
        System.arraycopy(keys, 20, out, 0, 20);
        System.arraycopy(keys, 0, out, 20, 20);
        System.arraycopy(keys, 56, out, 40, 16);
        System.arraycopy(keys, 40, out, 56, 16);
        return out;
    }

    record Joined(TestClient client, TestClient service) {
        /// Has both send to each other, and sees that all arrives once, in order and as it was.
        void exchange(int cells, long seed) {
            Random random = new Random(seed);
            for (int i = 0; i < cells; i++) {
                TestClient from = random.nextBoolean() ? client : service;
                TestClient to = from == client ? service : client;
                byte[] body = new byte[random.nextInt(499)];
                random.nextBytes(body);
                from.send(1, CellCommand.RELAY, RelayCommand.DATA, 1 + i, body, body.length);
                int streamId = 1 + i;
                assertThat(to.read()).singleElement().satisfies(message -> {
                    assertThat(message.hop()).isEqualTo(1);
                    assertThat(message.streamId()).isEqualTo(streamId);
                    assertThat(message.body()).isEqualTo(body);
                });
            }
        }
    }
}
