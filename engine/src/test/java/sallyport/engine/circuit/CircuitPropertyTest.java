package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.link.FakeLinks;

/// Whatever a client or a next hop sends, in whatever order: no exception of ours, no cell lost, everything ends.
class CircuitPropertyTest {
    @Test
    void anyBytesDecodeOrAreRefused() {
        Random random = new Random(21);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length > 3) {
                bytes[0] = (byte) random.nextInt(5);
                bytes[1] = (byte) random.nextInt(4);
                bytes[2] = (byte) (random.nextBoolean() ? 6 : random.nextInt(40));
            }
            try {
                Extend2Body body = Extend2Body.decode(new Reader(bytes));
                assertThat(Extend2Body.decode(new Reader(body.encode())).rsaDigest())
                        .isEqualTo(body.rsaDigest());
            } catch (Malformed expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
            try {
                Create2Body.decode(new Reader(bytes));
                SendmeBody.decode(bytes, 0, bytes.length);
            } catch (Malformed expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void rudeClientsAndHopsLoseTheirCircuitsAndNothingElse() throws Malformed {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            CircuitRig rig = new CircuitRig(seed, true);
            FakeLinks.Peer peer = random.nextBoolean() ? rig.client() : rig.relay(false, 1);
            FakeLinks.Peer next = rig.relay(true, 2);
            for (int circuit = 1; circuit < 4; circuit++) {
                TestClient client = new TestClient(rig, peer, circuit);
                if (random.nextBoolean()) {
                    client.createFast();
                } else {
                    client.create();
                }
                for (int step = 0; step < 60; step++) {
                    step(random, rig, client, next);
                }
                rig.settle();
                peer.take();
                next.take();
            }
            if (random.nextBoolean()) {
                next.close();
            } else {
                peer.close();
            }
            rig.end(peer, next);
        }
    }

    private static void step(Random random, CircuitRig rig, TestClient client, FakeLinks.Peer next) {
        byte[] body = new byte[random.nextInt(200)];
        random.nextBytes(body);
        switch (random.nextInt(12)) {
            case 0 -> {
                byte[] extend = new Extend2Body(
                                new sallyport.engine.address.RelayAddress(new byte[] {1, 2, 3, 4}, 5),
                                null,
                                CircuitRig.bytes(20, 1 + random.nextInt(2)),
                                null,
                                new Create2Body(2, new byte[84]))
                        .encode();
                client.sendEarly(RelayCommand.EXTEND2, 0, extend);
            }
            case 1 -> {
                if (!rig.dials.isEmpty()) {
                    rig.dials.removeLast().opened(next.link());
                    rig.settle();
                }
            }
            case 2 ->
                next.take()
                        .forEach(cell -> next.deliver(
                                java.nio.ByteBuffer.wrap(cell).getInt(),
                                random.nextInt(8) == 0 ? random.nextInt(14) : CellCommand.RELAY,
                                body));
            case 3 -> client.send(RelayCommand.TRUNCATE, 0, new byte[] {(byte) random.nextInt()});
            case 4 -> client.send(random.nextInt(50), random.nextInt(3), body);
            case 5 -> client.sendEarly(RelayCommand.DROP, 0, body);
            case 6 -> rig.settle();
            case 7 -> {
                if (random.nextInt(10) == 0) {
                    client.deliver(random.nextInt(14), body);
                }
            }
            default -> client.send(RelayCommand.DATA, random.nextInt(3), body);
        }
    }
}
