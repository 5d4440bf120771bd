package sallyport.engine.relaycrypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.RunningSha1;

/// A layer that is wrong by one bit makes every circuit through us fail at its first message.
class Tor1LayerTest {
    // The key material of tor 0.4.9's src/test/test_relaycrypt.c.
    private static final List<byte[]> KEYS = List.of(
            ascii("    'My public key is in this signed x509 object', said Tom assertively."),
            ascii("'Let's chart the pedal phlanges in the tomb', said Tom cryptographically"),
            ascii("     'Segmentation fault bugs don't _just happen_', said Tom seethingly."));

    private final CellPool pool = new CellPool();

    @AfterEach
    void noCellIsLeft() {
        assertThat(pool.outstanding()).isZero();
    }

    /// The bytes on the wire of the 1st, 2nd, 3rd, 26th and 51st cell to the third hop. Expected: SHA-256 of the
    /// bodies, from an independent computation with Python's hashlib and OpenSSL's AES.
    @Test
    void wireBytesAreThoseOfTheSpecification() {
        List<Tor1ClientLayer> client = KEYS.stream().map(Tor1ClientLayer::new).toList();
        SHAKEDigest shake = new SHAKEDigest(256);
        byte[] seed = ascii("'You mean to tell me that there's a version of Sha-3 with no limit on the output length?',"
                + " said Tom shakily.");
        shake.update(seed, 0, seed.length);
        Cell cell = pool.acquire();
        for (int n = 0; n <= 50; n++) {
            RelayCell.header(cell, RelayCommand.DATA, 1, RelayCell.DATA_MAX);
            shake.doOutput(cell.array(), RelayCell.dataOffset(), RelayCell.DATA_MAX);
            client.get(2).originate(cell);
            client.get(1).outer(cell);
            client.get(0).outer(cell);
            String expected = wire(n);
            if (!expected.isEmpty()) {
                assertThat(HexFormat.of().formatHex(Hashes.sha256(body(cell)))).isEqualTo(expected);
            }
        }
        cell.release();
    }

    private static String wire(int cell) {
        return switch (cell) {
            case 0 -> "f3cc9a1db3b472b95a5344d4bd9756bf8a1b827b4b65770f4bea3e2486e37ad6";
            case 1 -> "d531b194233f70e76d72e4d5b656099328ae95634401bbb26ae71904b26b65a6";
            case 2 -> "7b3ad754d16c2e10b790fc5ffd51dd4d80df776bd47d1db6ad76fc1b17f1c971";
            case 25 -> "6f202c03a282c6c156539f03d9a6acad4856bbd4e2fa384bb9d05261ea611f4a";
            case 50 -> "0ceaabe1dd9fd32184163dcf130543ec24c58f4aa5c3a718a782e01cfa2305fb";
            default -> "";
        };
    }

    @Test
    void cellsToAnyHopAreRecognizedThereAndOnlyThere() {
        Random random = new Random(11);
        List<Tor1ClientLayer> client = KEYS.stream().map(Tor1ClientLayer::new).toList();
        List<Tor1Layer> relays = KEYS.stream().map(Tor1Layer::new).toList();
        Cell cell = pool.acquire();
        for (int i = 0; i < 300; i++) {
            int target = random.nextInt(3);
            byte[] message = randomMessage(cell, random);
            client.get(target).originate(cell);
            for (int hop = target - 1; hop >= 0; hop--) {
                client.get(hop).outer(cell);
            }
            for (int hop = 0; hop <= target; hop++) {
                assertThat(relays.get(hop).forward(cell)).isEqualTo(hop == target);
            }
            assertThat(withoutDigest(cell)).isEqualTo(message);
            assertThat(relays.get(target).forwardTag())
                    .isEqualTo(client.get(target).forwardTag());
        }
        cell.release();
    }

    @Test
    void answersOfAnyHopAreRecognizedByTheClient() {
        Random random = new Random(12);
        List<Tor1ClientLayer> client = KEYS.stream().map(Tor1ClientLayer::new).toList();
        List<Tor1Layer> relays = KEYS.stream().map(Tor1Layer::new).toList();
        Cell cell = pool.acquire();
        for (int i = 0; i < 300; i++) {
            int source = random.nextInt(3);
            byte[] message = randomMessage(cell, random);
            relays.get(source).originate(cell);
            for (int hop = source - 1; hop >= 0; hop--) {
                relays.get(hop).backward(cell);
            }
            for (int hop = 0; hop <= source; hop++) {
                assertThat(client.get(hop).backward(cell)).isEqualTo(hop == source);
            }
            assertThat(withoutDigest(cell)).isEqualTo(message);
            assertThat(client.get(source).backwardTag())
                    .isEqualTo(relays.get(source).backwardTag());
        }
        cell.release();
    }

    /// A cell that is not ours but has a zero where `recognized` lies comes once in 65,536: the digest must be as
    /// before, and the four digest bytes must still be there.
    @Test
    void aCellThatOnlyLooksLikeOursChangesNothing() {
        Tor1ClientLayer client = new Tor1ClientLayer(KEYS.getFirst());
        Tor1Layer relay = new Tor1Layer(KEYS.getFirst());
        Random random = new Random(13);
        Cell cell = pool.acquire();
        for (int i = 0; i < 20; i++) {
            byte[] lookalike = randomMessage(cell, random);
            Arrays.fill(lookalike, RelayCell.DIGEST, RelayCell.DIGEST + 4, (byte) 0x5a);
            cell.putBytes(0, lookalike, 0, lookalike.length);
            client.outer(cell);
            assertThat(relay.forward(cell)).isFalse();
            assertThat(body(cell)).isEqualTo(lookalike);

            randomMessage(cell, random);
            client.originate(cell);
            assertThat(relay.forward(cell)).isTrue();
        }
        cell.release();
    }

    /// tor-spec "Routing relay cells": a cell is recognized when that field is zero *and* the digest fits.
    @Test
    void aRightDigestUnderAnotherRecognizedFieldIsNotEnough() {
        byte[] keys = KEYS.getFirst();
        for (int bit = 0; bit < 16; bit++) {
            Cell cell = pool.acquire();
            randomMessage(cell, new Random(bit));
            cell.put16(RelayCell.RECOGNIZED, 1 << bit);
            RunningSha1 digest = new RunningSha1();
            digest.update(keys, 0, Tor1Layer.DIGEST_SEED_LENGTH);
            digest.update(cell.array(), Cell.BODY, Cell.BODY_LENGTH);
            byte[] tag = new byte[RunningSha1.LENGTH];
            digest.peek(tag);
            cell.putBytes(RelayCell.DIGEST, tag, 0, RelayCell.DIGEST_LENGTH);
            new Tor1ClientLayer(keys).outer(cell);
            assertThat(new Tor1Layer(keys).forward(cell)).isFalse();
            cell.release();
        }
    }

    @Test
    void anyFlippedBitHidesTheMessage() {
        Random random = new Random(14);
        for (int i = 0; i < 200; i++) {
            Tor1ClientLayer client = new Tor1ClientLayer(KEYS.getFirst());
            Tor1Layer relay = new Tor1Layer(KEYS.getFirst());
            Cell cell = pool.acquire();
            randomMessage(cell, random);
            client.originate(cell);
            int at = random.nextInt(Cell.BODY_LENGTH);
            cell.put8(at, cell.u8(at) ^ 1 << random.nextInt(8));
            assertThat(relay.forward(cell)).isFalse();
            cell.release();
        }
    }

    private static byte[] randomMessage(Cell cell, Random random) {
        byte[] body = new byte[Cell.BODY_LENGTH];
        random.nextBytes(body);
        cell.putBytes(0, body, 0, body.length);
        RelayCell.header(cell, body[0], 7, 498);
        return body(cell);
    }

    private static byte[] withoutDigest(Cell cell) {
        byte[] body = body(cell);
        Arrays.fill(body, RelayCell.DIGEST, RelayCell.DIGEST + 4, (byte) 0);
        return body;
    }

    private static byte[] body(Cell cell) {
        return Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
