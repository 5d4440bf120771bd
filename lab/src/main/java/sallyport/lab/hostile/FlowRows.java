package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.engine.cell.RelayCommand.CONNECTED;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.SENDME;
import static sallyport.engine.cell.RelayCommand.XOFF;
import static sallyport.engine.cell.RelayCommand.XON;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of SENDME (tor-spec sections 7.3 and 7.4).
final class FlowRows {
    private static final String CIRCUIT_SECTION = "tor-spec 7.3";
    private static final String STREAM_SECTION = "tor-spec 7.4";
    private static final String CONTROL_SECTION = "proposal 324";
    private static final String BROKEN = "DESTROY 1";
    // One SENDME's worth of DATA and some more, though no cell need be full.
    private static final int CELLS = 100;
    private static final int STREAM_WINDOW_CELLS = 500;
    private static final byte[] NOTHING = {};

    private FlowRows() {}

    static List<Row> all() {
        return Stream.of(windows(), congestionControl()).flatMap(List::stream).toList();
    }

    private static List<Row> windows() {
        return List.of(
                row(
                        CIRCUIT_SECTION,
                        "SENDME that nothing called for",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.exitCircuit()
                                .send(SENDME, 0, v1(new byte[20]))
                                .quiet()),
                row(
                        CIRCUIT_SECTION,
                        "empty SENDME that nothing called for",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.exitCircuit().send(SENDME, 0, NOTHING).quiet()),
                afterData(
                        "SENDME with the right tag",
                        Scope.NOTHING,
                        "nothing",
                        (circuit, tag) -> circuit.send(SENDME, 0, v1(tag))),
                afterData("SENDME with a wrong tag", Scope.CIRCUIT, BROKEN, (circuit, tag) -> {
                    tag[0] ^= 1;
                    circuit.send(SENDME, 0, v1(tag));
                }),
                afterData(
                        "SENDME with the tag's first 19 bytes",
                        Scope.CIRCUIT,
                        BROKEN,
                        (circuit, tag) -> circuit.send(
                                SENDME,
                                0,
                                new Writer().u8(1).u16(19).bytes(tag, 0, 19).toBytes())),
                afterData("SENDME of version 2", Scope.CIRCUIT, BROKEN, (circuit, tag) -> {
                    byte[] body = v1(tag);
                    body[0] = 2;
                    circuit.send(SENDME, 0, body);
                }),
                afterData(
                        "SENDME of version 0 where the consensus allows it",
                        Scope.NOTHING,
                        "nothing",
                        (circuit, tag) -> circuit.send(SENDME, 0, NOTHING)),
                afterData(
                        "SENDME twice",
                        Scope.CIRCUIT,
                        BROKEN,
                        (circuit, tag) -> circuit.send(SENDME, 0, v1(tag)).send(SENDME, 0, v1(tag))),
                row(
                        STREAM_SECTION,
                        "SENDME of a stream that nothing called for",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> ExitStream.open(bench)
                                .circuit()
                                .send(SENDME, 7, NOTHING)
                                .quiet()),
                row(STREAM_SECTION, "as much DATA as a stream's window", Scope.NOTHING, "nothing", bench -> {
                    ClientCircuit circuit = flooded(bench, STREAM_WINDOW_CELLS);
                    for (int i = 0; i < STREAM_WINDOW_CELLS / CELLS; i++) {
                        circuit.awaitMessage(SENDME);
                    }
                    return circuit.quiet();
                }),
                row(STREAM_SECTION, "more DATA than a stream's window", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit = flooded(bench, STREAM_WINDOW_CELLS + 1);
                    // What waits to be sent when a circuit dies may die with it.
                    String answer;
                    do {
                        answer = circuit.answer();
                    } while (answer.startsWith("SENDME(0)") || answer.startsWith("END(7)"));
                    return answer;
                }));
    }

    /// DATA of one stream, whose server does not take the connection.
    private static ClientCircuit flooded(Bench bench, int cells) throws IOException {
        ExitStream stream = ExitStream.atDeafServer(bench);
        ClientCircuit circuit = stream.circuit().send(BEGIN, 7, stream.begin());
        for (int i = 0; i < cells; i++) {
            circuit.send(DATA, 7, new byte[1]);
        }
        return circuit;
    }

    private static List<Row> congestionControl() {
        return List.of(
                row(
                        CONTROL_SECTION,
                        "31 DATA of an unknown stream",
                        Scope.NOTHING,
                        "SENDME(0) of the last, then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.congestionControlled();
                            for (int i = 0; i < 31; i++) {
                                circuit.send(DATA, 99, new byte[1]);
                            }
                            String tag = Hex.lower(circuit.lastHop().forwardTag());
                            return circuit.answerThenQuiet().replace("010014" + tag, "of the last");
                        }),
                row(
                        CONTROL_SECTION,
                        "SENDME of a stream",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> ExitStream.open(bench, bench.congestionControlled())
                                .circuit()
                                .send(SENDME, 7, NOTHING)
                                .quiet()),
                row(CONTROL_SECTION, "XOFF and XON", Scope.NOTHING, "nothing, then DATA(7) 6869", bench -> {
                    ExitStream stream = ExitStream.open(bench, bench.congestionControlled());
                    String whileOff = stopped(stream, stream.circuit().send(XOFF, 7, new byte[1]));
                    return whileOff + ", then "
                            + stream.circuit().send(XON, 7, new byte[5]).answer();
                }),
                row(CONTROL_SECTION, "XON of another version", Scope.NOTHING, "nothing, then DATA(7) 6869", bench -> {
                    ExitStream stream = ExitStream.open(bench, bench.congestionControlled());
                    ClientCircuit circuit = stream.circuit()
                            .send(XOFF, 7, new byte[1])
                            .send(XON, 7, new byte[] {9, 0, 0, 0, 0})
                            .send(XON, 7, new byte[2]);
                    String whileOff = stopped(stream, circuit);
                    return whileOff + ", then "
                            + circuit.send(XON, 7, new byte[5]).answer();
                }));
    }

    /// What comes of two bytes of the server's while another stream to it is opened from end to end.
    private static String stopped(ExitStream stream, ClientCircuit circuit) throws IOException {
        circuit.quiet();
        stream.serverWrites(new byte[] {'h', 'i'});
        circuit.send(BEGIN, 8, stream.begin());
        circuit.awaitMessage(CONNECTED);
        return circuit.quiet();
    }

    /// What a row sends when a SENDME is due.
    @FunctionalInterface
    interface Sent {
        void on(ClientCircuit circuit, byte[] tag) throws IOException;
    }

    private static Row afterData(String name, Scope closes, String expected, Sent sent) {
        return row(CIRCUIT_SECTION, name, closes, expected, bench -> afterData(ExitStream.open(bench), CELLS, sent));
    }

    /// What comes, besides more DATA, of something sent right after that many cells of DATA.
    static String afterData(ExitStream stream, int cells, Sent sent) throws IOException {
        ClientCircuit circuit = stream.circuit();
        stream.serverWrites(new byte[CELLS * RelayOut.DATA_BYTES_MAX]);
        while (circuit.dataCells() < cells) {
            circuit.awaitMessage(DATA);
        }
        sent.on(circuit, circuit.lastHop().backwardTag());
        return circuit.quiet()
                .replaceAll("DATA\\(7\\) [0-9a-f]+( bytes)?(, )?", "")
                .replaceAll("^$", "nothing");
    }

    /// The body of a SENDME of version 1.
    static byte[] v1(byte[] tag) {
        return new Writer().u8(1).u16(tag.length).bytes(tag).toBytes();
    }
}
