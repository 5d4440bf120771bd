package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.RELAY;
import static sallyport.engine.cell.CellCommand.RELAY_EARLY;
import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.DROP;
import static sallyport.engine.cell.RelayCommand.SENDME;
import static sallyport.engine.cell.RelayCommand.TRUNCATE;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of the cells of circuits with counter galois onion (proposal 359): other formats, other tags,
/// and no mercy for a changed bit.
final class CounterGaloisRows {
    private static final String SECTION = "proposal 359";
    private static final String BROKEN = "DESTROY 1";
    private static final byte[] NOTHING = {};
    private static final byte[] REASON = {5};
    /// The `cc_sendme_inc` of the network.
    private static final int INCREMENT_CELLS = 31;
    /// The most data of a message that is not a stream's.
    private static final int DATA_BYTES_MAX = 490;
    // A body has 4072 bits. Half of them change, give or take 32, when all of it is noise.
    private static final int NOISE_BITS_MIN = 1_700;

    private CounterGaloisRows() {}

    static List<Row> all() {
        return Stream.of(sealed(), read(), acknowledged(), passed())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> sealed() {
        Stream<Row> flipped = IntStream.of(0, 15, 16, 17, 18, 19, 255, 508)
                .mapToObj(at -> broken("CGO: one flipped bit in byte " + at, circuit -> {
                    byte[] body = circuit.sealed(RelayOut.of(DROP, 0, NOTHING));
                    body[at] ^= 0x10;
                    circuit.sendSealed(RELAY, body);
                }));
        Stream<Row> others = Stream.of(
                row(
                        SECTION,
                        "CGO: messages in RELAY and RELAY_EARLY",
                        Scope.NOTHING,
                        "TRUNCATED(0) 03, TRUNCATED(0) 03, TRUNCATED(0) 03",
                        bench -> bench.counterGalois()
                                .send(RelayOut.of(TRUNCATE, 0, REASON))
                                .send(RelayOut.of(TRUNCATE, 0, REASON).early())
                                .send(RelayOut.of(TRUNCATE, 0, REASON))
                                .answers(3)),
                broken(
                        "CGO: RELAY that nobody recognizes",
                        circuit -> circuit.send(RelayOut.of(DROP, 0, NOTHING).unsigned())),
                broken(
                        "CGO: a cell sealed for RELAY_EARLY in RELAY",
                        circuit -> circuit.sendSealed(
                                RELAY,
                                circuit.sealed(RelayOut.of(DROP, 0, NOTHING).early()))),
                broken(
                        "CGO: a cell sealed for RELAY in RELAY_EARLY",
                        circuit -> circuit.sendSealed(RELAY_EARLY, circuit.sealed(RelayOut.of(DROP, 0, NOTHING)))),
                broken("CGO: the same cell twice", circuit -> {
                    byte[] body = circuit.sealed(RelayOut.of(DROP, 0, NOTHING));
                    circuit.sendSealed(RELAY, body).sendSealed(RELAY, body);
                }),
                broken("CGO: a cell left out", circuit -> {
                    circuit.sealed(RelayOut.of(DROP, 0, NOTHING));
                    circuit.send(DROP, 0, NOTHING);
                }));
        return Stream.concat(others, flipped).toList();
    }

    private static List<Row> read() {
        return List.of(
                lives("CGO: a message that fills its cell", circuit -> circuit.send(DROP, 0, new byte[DATA_BYTES_MAX])),
                broken(
                        "CGO: a message longer than its cell",
                        circuit -> circuit.send(RelayOut.of(DROP, 0, NOTHING).withLength(DATA_BYTES_MAX + 1))),
                broken(
                        "CGO: a message of 65535 bytes",
                        circuit -> circuit.send(RelayOut.of(DROP, 0, NOTHING).withLength(0xFFFF))),
                lives(
                        "CGO: DATA that fills its cell, of an unknown stream",
                        circuit -> circuit.send(DATA, 99, new byte[DATA_BYTES_MAX - 2])),
                broken(
                        "CGO: DATA longer than its cell",
                        circuit -> circuit.send(RelayOut.of(DATA, 99, NOTHING).withLength(DATA_BYTES_MAX - 1))),
                broken("CGO: a relay command that does not exist", circuit -> circuit.send(16, 0, NOTHING)),
                broken("CGO: relay command 255", circuit -> circuit.send(255, 0, NOTHING)),
                lives(
                        "CGO: BEGIN of stream 0",
                        circuit ->
                                circuit.send(BEGIN, 0, new byte[] {'1', '.', '1', '.', '1', '.', '1', ':', '9', 0})));
    }

    private static List<Row> acknowledged() {
        return List.of(
                row(
                        SECTION,
                        "CGO: 31 DATA of an unknown stream",
                        Scope.NOTHING,
                        "SENDME(0) of the last, then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.counterGalois();
                            for (int i = 0; i < INCREMENT_CELLS; i++) {
                                circuit.send(DATA, 99, new byte[i]);
                            }
                            String tag = Hex.lower(circuit.lastHop().forwardTag());
                            return circuit.answerThenQuiet().replace("010010" + tag, "of the last");
                        }),
                afterData(
                        "CGO: SENDME with the right tag",
                        Scope.NOTHING,
                        "nothing",
                        (circuit, tag) -> circuit.send(SENDME, 0, FlowRows.v1(tag))),
                afterData("CGO: SENDME with a wrong tag", Scope.CIRCUIT, BROKEN, (circuit, tag) -> {
                    tag[15] ^= 1;
                    circuit.send(SENDME, 0, FlowRows.v1(tag));
                }),
                afterData(
                        "CGO: SENDME with the tag's first 15 bytes",
                        Scope.CIRCUIT,
                        BROKEN,
                        (circuit, tag) -> circuit.send(SENDME, 0, FlowRows.v1(Arrays.copyOf(tag, 15)))),
                afterData(
                        "CGO: SENDME with the tag and zeros up to the 20 bytes of tor1",
                        Scope.CIRCUIT,
                        BROKEN,
                        (circuit, tag) -> circuit.send(SENDME, 0, FlowRows.v1(Arrays.copyOf(tag, 20)))),
                afterData(
                        "CGO: SENDME twice",
                        Scope.CIRCUIT,
                        BROKEN,
                        (circuit, tag) ->
                                circuit.send(SENDME, 0, FlowRows.v1(tag)).send(SENDME, 0, FlowRows.v1(tag))),
                broken(
                        "CGO: SENDME that nothing called for",
                        circuit -> circuit.send(SENDME, 0, FlowRows.v1(new byte[16]))));
    }

    /// The subject in the middle.
    private static List<Row> passed() {
        return List.of(
                row(
                        SECTION,
                        "CGO: cells for the next hop, and from it",
                        Scope.NOTHING,
                        "as sent, as sent, RELAY, RELAY, then nothing",
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench, bench.counterGalois());
                            String there = atNextHop(extended, -1) + ", " + atNextHop(extended, -1);
                            extended.answer(RELAY, new byte[WireCell.BODY_BYTES]);
                            extended.answer(RELAY, new byte[WireCell.BODY_BYTES]);
                            return there + ", " + extended.circuit().answer() + ", "
                                    + extended.circuit().answerThenQuiet();
                        }),
                row(
                        SECTION,
                        "CGO: one flipped bit in a cell for the next hop",
                        Scope.CIRCUIT,
                        "as sent, noise, noise",
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench, bench.counterGalois());
                            return atNextHop(extended, -1) + ", " + atNextHop(extended, 300) + ", "
                                    + atNextHop(extended, -1);
                        }));
    }

    /// What becomes of a body that the subject must not recognize.
    ///
    /// @param flipAt in which byte a bit changes on the way to the subject; negative: in none
    private static String atNextHop(ExtendedCircuit extended, int flipAt) throws IOException {
        byte[] sent = RelayOut.of(DROP, 0, NOTHING).bodyV1();
        byte[] wrapped = extended.circuit().wrapped(RELAY, sent);
        if (flipAt >= 0) {
            wrapped[flipAt] ^= 0x10;
        }
        extended.circuit().sendSealed(RELAY, wrapped);
        byte[] got = FakeRelay.next(extended.next()).body();
        int changed = IntStream.range(0, got.length)
                .map(i -> Integer.bitCount((got[i] ^ sent[i]) & 0xff))
                .sum();
        return changed == 0 ? "as sent" : changed >= NOISE_BITS_MIN ? "noise" : changed + " bits changed";
    }

    /// What a row sends.
    @FunctionalInterface
    private interface Sent {
        void on(ClientCircuit circuit) throws IOException;
    }

    private static Row broken(String name, Sent sent) {
        return row(SECTION, name, Scope.CIRCUIT, BROKEN, bench -> {
            ClientCircuit circuit = bench.counterGalois();
            sent.on(circuit);
            return circuit.answer();
        });
    }

    private static Row lives(String name, Sent sent) {
        return row(SECTION, name, Scope.NOTHING, "nothing", bench -> {
            ClientCircuit circuit = bench.counterGalois();
            sent.on(circuit);
            return circuit.quiet();
        });
    }

    private static Row afterData(String name, Scope closes, String expected, FlowRows.Sent sent) {
        return row(
                SECTION,
                name,
                closes,
                expected,
                bench -> FlowRows.afterData(ExitStream.open(bench, bench.counterGalois()), INCREMENT_CELLS, sent));
    }
}
