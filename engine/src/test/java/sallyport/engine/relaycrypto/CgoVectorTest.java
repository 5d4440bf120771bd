package sallyport.engine.relaycrypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;

/// The vectors of C tor's src/test/cgo_vectors.inc: both what relays do and what the clients of our own
/// tests do is what proposal 359 means. The parts of UIV+ that relays have no use for are proved on
/// [PlainUiv].
class CgoVectorTest {
    private final CellPool pool = new CellPool();
    private final Cell cell = pool.acquire();

    @AfterEach
    void noCellIsLeft() {
        cell.release();
        assertThat(pool.outstanding()).isZero();
    }

    /// The fields of one vector, taken in order.
    private record Fields(Iterator<String> fields) {
        byte[] bytes() {
            return HexFormat.of().parseHex(fields.next());
        }

        int number() {
            return Integer.parseInt(fields.next());
        }

        boolean flag() {
            return number() == 1;
        }

        /// Two fields as one.
        byte[] joined() {
            return HexFormat.of().parseHex(fields.next() + fields.next());
        }
    }

    private static List<Fields> vectors(String table, int count) throws IOException {
        try (InputStream in = CgoVectorTest.class.getResourceAsStream("/vectors/cgo.txt")) {
            List<Fields> vectors = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Arrays.asList(line.split(" ")))
                    .filter(fields -> fields.getFirst().equals(table))
                    .map(fields -> new Fields(fields.subList(1, fields.size()).iterator()))
                    .toList();
            assertThat(vectors).hasSize(count);
            return vectors;
        }
    }

    @Test
    void tweakableBlock() throws IOException {
        for (Fields vector : vectors("ET", 4)) {
            assertThat(PlainUiv.block(vector.flag(), vector.bytes(), vector.bytes(), vector.bytes()))
                    .isEqualTo(vector.bytes());
        }
    }

    @Test
    void pseudorandomFunction() throws IOException {
        for (Fields vector : vectors("PRF", 10)) {
            byte[] keys = vector.bytes();
            int number = vector.number();
            assertThat(PlainUiv.stream(keys, number, vector.bytes(), number == 0 ? 493 : 80))
                    .isEqualTo(vector.bytes());
        }
    }

    @Test
    void wideBlock() throws IOException {
        for (Fields vector : vectors("UIV", 8)) {
            boolean encrypt = vector.flag();
            byte[] keys = vector.bytes();
            byte[] tweak = vector.bytes();
            int command = tweak[16] & 0xff;
            byte[] h = Arrays.copyOf(tweak, 16);
            byte[] body = vector.joined();
            byte[] expected = vector.joined();
            if (encrypt) {
                put(command, body);
                uiv(keys).encrypt(h, cell);
                assertThat(body()).isEqualTo(expected);
                assertThat(PlainUiv.encrypt(keys, h, command, body)).isEqualTo(expected);
            } else {
                assertThat(PlainUiv.decrypt(keys, h, command, body)).isEqualTo(expected);
                put(command, expected);
                uiv(keys).encrypt(h, cell);
                assertThat(body()).isEqualTo(body);
            }
        }
    }

    @Test
    void keyUpdate() throws IOException {
        for (Fields vector : vectors("UIV_UPDATE", 5)) {
            UivPlus uiv = uiv(vector.bytes());
            byte[] nonce = vector.bytes();
            uiv.update(nonce);
            assertHasKeys(uiv, vector.bytes());
            assertThat(nonce).isEqualTo(vector.bytes());
        }
    }

    /// Cells that are not for this relay: the keys stay.
    @Test
    void relayPassesOn() throws IOException {
        for (Fields vector : vectors("CGO_RELAY", 7)) {
            boolean backward = vector.flag();
            CgoDirection relay = relay(vector);
            put(vector.bytes()[0] & 0xff, vector.joined());
            if (backward) {
                relay.crypt(cell);
            } else {
                assertThat(relay.isRecognized(cell)).isFalse();
            }
            assertState(relay, vector);
            assertThat(body()).isEqualTo(vector.joined());
        }
    }

    @Test
    void relayOriginates() throws IOException {
        for (Fields vector : vectors("CGO_RELAY_ORIGINATE", 4)) {
            CgoDirection relay = relay(vector);
            int command = vector.bytes()[0] & 0xff;
            put(command, withRoomForTag(vector.bytes()));
            relay.seal(cell);
            assertState(relay, vector);
            assertThat(body()).isEqualTo(vector.joined());
            assertThat(relay.tag()).isEqualTo(Arrays.copyOf(body(), 16));
        }
    }

    @Test
    void clientOriginates() throws IOException {
        for (Fields vector : vectors("CGO_CLIENT_ORIGINATE", 6)) {
            List<CgoClientLayer.Direction> hops =
                    IntStream.range(0, 3).mapToObj(hop -> client(vector)).toList();
            int target = vector.number() - 1;
            put(vector.bytes()[0] & 0xff, withRoomForTag(vector.bytes()));
            hops.get(target).originate(cell);
            for (int hop = target - 1; hop >= 0; hop--) {
                hops.get(hop).pass(cell);
            }
            for (CgoClientLayer.Direction hop : hops) {
                assertThat(hop.keys).isEqualTo(vector.bytes());
                assertThat(hop.nonce).isEqualTo(vector.bytes());
                assertThat(hop.before).isEqualTo(vector.bytes());
            }
            assertThat(body()).isEqualTo(vector.joined());
        }
    }

    private static CgoDirection relay(Fields vector) {
        CgoDirection relay = new CgoDirection(vector.joined(), 0, new UivPlus.Scratch());
        System.arraycopy(vector.bytes(), 0, relay.before(), 0, 16);
        return relay;
    }

    private static CgoClientLayer.Direction client(Fields vector) {
        CgoClientLayer.Direction client = new CgoClientLayer.Direction(vector.joined());
        client.before = vector.bytes();
        return client;
    }

    private void assertState(CgoDirection relay, Fields vector) {
        byte[] result = body();
        byte[] keys = vector.bytes();
        assertThat(relay.nonce()).isEqualTo(vector.bytes());
        assertThat(relay.before()).isEqualTo(vector.bytes());
        // Keys cannot be read back from ciphers: those of the vector must do the same.
        byte[] probe = new byte[Cell.BODY_LENGTH];
        Arrays.fill(probe, (byte) 0x5a);
        byte[] expected = PlainUiv.encrypt(keys, relay.before().clone(), 3, probe);
        put(3, probe);
        relay.crypt(cell);
        assertThat(body()).isEqualTo(expected);
        cell.putBytes(0, result, 0, result.length);
    }

    private void assertHasKeys(UivPlus uiv, byte[] keys) {
        byte[] probe = new byte[Cell.BODY_LENGTH];
        Arrays.fill(probe, (byte) 0x5a);
        put(3, probe);
        uiv.encrypt(new byte[16], cell);
        assertThat(body()).isEqualTo(PlainUiv.encrypt(keys, new byte[16], 3, probe));
    }

    private static UivPlus uiv(byte[] keys) {
        return new UivPlus(keys, 0, new UivPlus.Scratch(), /* decrypts= */ false);
    }

    private void put(int command, byte[] body) {
        assertThat(body).hasSize(Cell.BODY_LENGTH);
        cell.command(command);
        cell.putBytes(0, body, 0, body.length);
    }

    private byte[] body() {
        return Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
    }

    private static byte[] withRoomForTag(byte[] message) {
        byte[] body = new byte[Cell.BODY_LENGTH];
        System.arraycopy(message, 0, body, 16, message.length);
        return body;
    }
}
