package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.PADDING_NEGOTIATE;
import static sallyport.engine.cell.RelayCommand.PADDING_NEGOTIATED;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of requests for circuit padding (padding-spec section 3).
final class PaddingRows {
    private static final String SECTION = "padding-spec 3";
    private static final int STOP = 1;
    private static final int START = 2;
    /// The machine that hides introductions: the relay pads for some milliseconds and says when it is through.
    private static final int INTRODUCTION = 0;
    /// The one that hides rendezvous: the relay sends one cell of padding.
    private static final int RENDEZVOUS = 1;
    private static final String ONE_CELL = "DROP(0)";

    private PaddingRows() {}

    static List<Row> all() {
        return Stream.of(started(), stopped(), malformed())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> started() {
        return List.of(
                row(
                        SECTION,
                        "the start of the rendezvous machine",
                        Scope.NOTHING,
                        ok(START, RENDEZVOUS, 1) + ", " + ONE_CELL + ", then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.fastCircuit();
                            return rendezvous(circuit) + ", then " + circuit.quiet();
                        }),
                row(
                        SECTION,
                        "the start of the introduction machine",
                        Scope.NOTHING,
                        ok(START, INTRODUCTION, 1) + ", 7 to 9 of padding, " + ok(STOP, INTRODUCTION, 1)
                                + ", then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.fastCircuit();
                            return introduction(circuit, 1) + ", then " + circuit.quiet();
                        }),
                row(
                        SECTION,
                        "the introduction machine twice",
                        Scope.NOTHING,
                        ok(START, INTRODUCTION, 2) + ", 7 to 9 of padding, " + ok(STOP, INTRODUCTION, 2),
                        bench -> {
                            ClientCircuit circuit = bench.fastCircuit();
                            introduction(circuit, 1);
                            return introduction(circuit, 2);
                        }),
                row(
                        SECTION,
                        "a machine where there is one already",
                        Scope.NOTHING,
                        ok(START, INTRODUCTION, 2) + ", then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.fastCircuit();
                            rendezvous(circuit);
                            return circuit.send(PADDING_NEGOTIATE, 0, body(START, INTRODUCTION, 2))
                                    .answerThenQuiet();
                        }),
                answered("the start of an unknown machine", err(2), body(START, 2, 1)),
                answered("the start of machine 255", err(255), body(START, 255, 1)),
                row(
                        SECTION,
                        "a request in more bytes than it needs",
                        Scope.NOTHING,
                        ok(START, RENDEZVOUS, 1) + ", " + ONE_CELL,
                        bench -> rendezvous(bench.fastCircuit(), Arrays.copyOf(body(START, RENDEZVOUS, 1), 100))));
    }

    private static List<Row> stopped() {
        return List.of(
                ignored("the stop of a machine that was never started", body(STOP, RENDEZVOUS, 1)),
                ignored("the stop of an unknown machine", body(STOP, 99, 1)),
                afterRendezvous("the stop of a machine", ok(STOP, RENDEZVOUS, 1), body(STOP, RENDEZVOUS, 1)),
                afterRendezvous(
                        "the stop of whichever machine has this number",
                        ok(STOP, RENDEZVOUS, 0),
                        body(STOP, RENDEZVOUS, 0)),
                afterRendezvous("the stop of a machine of another count", "nothing", body(STOP, RENDEZVOUS, 7)),
                afterRendezvous("the stop of another machine", "nothing", body(STOP, INTRODUCTION, 1)),
                row(
                        SECTION,
                        "the introduction machine after the stop of the other",
                        Scope.NOTHING,
                        ok(START, INTRODUCTION, 2) + ", 7 to 9 of padding, " + ok(STOP, INTRODUCTION, 2),
                        bench -> {
                            ClientCircuit circuit = bench.fastCircuit();
                            rendezvous(circuit);
                            circuit.send(PADDING_NEGOTIATE, 0, body(STOP, RENDEZVOUS, 1))
                                    .awaitMessage(PADDING_NEGOTIATED);
                            return introduction(circuit, 2);
                        }));
    }

    private static List<Row> malformed() {
        return List.of(
                ignored("PADDING_NEGOTIATE without a byte", new byte[0]),
                ignored("PADDING_NEGOTIATE of seven bytes", Arrays.copyOf(body(START, RENDEZVOUS, 1), 7)),
                ignored("PADDING_NEGOTIATE of another version", changed(0, 1)),
                ignored("PADDING_NEGOTIATE of no command", changed(1, 0)),
                ignored("PADDING_NEGOTIATE of an unknown command", changed(1, 3)),
                ignored("PADDING_NEGOTIATE with echo request 2", changed(3, 2)),
                row(
                        SECTION,
                        "PADDING_NEGOTIATED from a client",
                        Scope.NOTHING,
                        "nothing",
                        bench -> bench.fastCircuit()
                                .send(PADDING_NEGOTIATED, 0, new byte[] {0, START, 1, 0, 0, 0, 0, 1})
                                .quiet()));
    }

    /// The answer to it, and its padding.
    private static String rendezvous(ClientCircuit circuit) throws IOException {
        return rendezvous(circuit, body(START, RENDEZVOUS, 1));
    }

    /// Once in a thousand times C tor draws a delay of zero, and its padding leaves before the answer.
    private static String rendezvous(ClientCircuit circuit, byte[] body) throws IOException {
        String first = circuit.send(PADDING_NEGOTIATE, 0, body).answer();
        String second = circuit.answer();
        return first.equals(ONE_CELL) ? second + ", " + first : first + ", " + second;
    }

    /// The answer to it, its padding, and what the relay says at its end.
    private static String introduction(ClientCircuit circuit, int count) throws IOException {
        String first = circuit.send(PADDING_NEGOTIATE, 0, body(START, INTRODUCTION, count))
                .answer();
        int cells = 0;
        String last = circuit.answer();
        while (last.equals(ONE_CELL)) {
            cells++;
            last = circuit.answer();
        }
        return first + ", " + (cells >= 7 && cells <= 9 ? "7 to 9" : cells) + " of padding, " + last;
    }

    private static Row answered(String name, String expected, byte[] body) {
        return row(
                SECTION,
                name,
                Scope.NOTHING,
                expected + ", then nothing",
                bench -> bench.fastCircuit().send(PADDING_NEGOTIATE, 0, body).answerThenQuiet());
    }

    private static Row ignored(String name, byte[] body) {
        return row(
                SECTION,
                name,
                Scope.NOTHING,
                "nothing",
                bench -> bench.fastCircuit().send(PADDING_NEGOTIATE, 0, body).quiet());
    }

    private static Row afterRendezvous(String name, String expected, byte[] body) {
        return row(SECTION, name, Scope.NOTHING, expected, bench -> {
            ClientCircuit circuit = bench.fastCircuit();
            rendezvous(circuit);
            return circuit.send(PADDING_NEGOTIATE, 0, body).quiet();
        });
    }

    private static byte[] body(int command, int machine, int count) {
        return new Writer().u8(0).u8(command).u8(machine).u8(0).u32(count).toBytes();
    }

    private static byte[] changed(int at, int value) {
        byte[] body = body(START, RENDEZVOUS, 1);
        body[at] = (byte) value;
        return body;
    }

    private static String ok(int command, int machine, int count) {
        return negotiated(command, 1, machine, count);
    }

    private static String err(int machine) {
        return negotiated(START, 2, machine, 1);
    }

    private static String negotiated(int command, int response, int machine, int count) {
        return "PADDING_NEGOTIATED(0) 00%02x%02x%02x%08x".formatted(command, response, machine, count);
    }
}
