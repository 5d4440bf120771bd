package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.engine.cell.RelayCommand.BEGIN_DIR;
import static sallyport.engine.cell.RelayCommand.CONFLUX_LINK;
import static sallyport.engine.cell.RelayCommand.CONFLUX_LINKED;
import static sallyport.engine.cell.RelayCommand.CONFLUX_LINKED_ACK;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.lab.hostile.Legs.Format;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of the four messages of conflux, and of circuits that cannot be legs (proposal 329).
final class ConfluxRows {
    private static final String SECTION = "proposal 329";
    private static final String BROKEN = "DESTROY 1";
    private static final String INTERNAL = "DESTROY 2";
    private static final byte[] NOTHING = {};
    private static final int LEGS_MAX = 8;
    /// Where the client says what it wants of the set.
    private static final int DESIRED_UX = 49;

    private ConfluxRows() {}

    static List<Row> all() {
        return Stream.of(
                        linking(Format.TOR1),
                        linking(Format.COUNTER_GALOIS),
                        refusals(Format.TOR1),
                        refusals(Format.COUNTER_GALOIS),
                        places(),
                        claims())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> linking(Format format) {
        return List.of(
                lives(format, "LINK", "CONFLUX_LINKED(0) of the nonce", legs -> {
                    String answer =
                            legs.first().send(CONFLUX_LINK, 0, legs.body()).answer();
                    String expected = "01" + Hex.lower(legs.nonce()) + "00".repeat(16) + "01";
                    return answer.replace(expected, "of the nonce");
                }),
                lives(
                        format,
                        "LINK with more behind it",
                        "CONFLUX_LINKED(0)",
                        legs -> legs.first()
                                .send(CONFLUX_LINK, 0, Arrays.copyOf(legs.body(), 400))
                                .answer()
                                .replaceAll(" .*", "")),
                lives(format, "LINK of a second leg with another wish", "answer 1; nothing", legs -> {
                    legs.link(legs.first());
                    legs.link(legs.second(), changed(legs, DESIRED_UX, 1));
                    legs.first().send(CONFLUX_LINKED_ACK, 0, NOTHING);
                    Legs.ask(legs.second(), 1);
                    return legs.bothQuiet();
                }),
                lives(format, "LINKED_ACK twice, and with a body", "answer 1; nothing", legs -> {
                    legs.linkBoth();
                    legs.first().send(CONFLUX_LINKED_ACK, 0, NOTHING).send(CONFLUX_LINKED_ACK, 0, new byte[9]);
                    Legs.ask(legs.first(), 1);
                    return legs.bothQuiet();
                }),
                lives(format, "BEGIN_DIR on a leg", "END(7) 0e; nothing", legs -> {
                    legs.linkBoth();
                    legs.first().send(BEGIN_DIR, 7, NOTHING);
                    return legs.bothQuiet();
                }));
    }

    private static List<Row> refusals(Format format) {
        return List.of(
                alone(format, "LINK twice", (circuit, legs) -> {
                    legs.link(circuit);
                    circuit.send(CONFLUX_LINK, 0, legs.body());
                }),
                alone(format, "LINK twice, the second of another set", (circuit, legs) -> {
                    legs.link(circuit);
                    byte[] other = legs.body();
                    other[1] ^= 1;
                    circuit.send(CONFLUX_LINK, 0, other);
                }),
                alone(
                        format,
                        "LINK of version 0",
                        (circuit, legs) -> circuit.send(CONFLUX_LINK, 0, changed(legs, 0, 0))),
                alone(
                        format,
                        "LINK of version 2",
                        (circuit, legs) -> circuit.send(CONFLUX_LINK, 0, changed(legs, 0, 2))),
                alone(
                        format,
                        "LINK with a wish that nobody knows",
                        (circuit, legs) -> circuit.send(CONFLUX_LINK, 0, changed(legs, DESIRED_UX, 5))),
                alone(
                        format,
                        "LINK without its last byte",
                        (circuit, legs) -> circuit.send(CONFLUX_LINK, 0, Arrays.copyOf(legs.body(), 49))),
                alone(format, "LINK without a body", (circuit, legs) -> circuit.send(CONFLUX_LINK, 0, NOTHING)),
                alone(format, "LINKED from a client", (circuit, legs) -> circuit.send(CONFLUX_LINKED, 0, legs.body())),
                alone(format, "LINKED from a client on a leg", (circuit, legs) -> {
                    legs.link(circuit);
                    circuit.send(CONFLUX_LINKED, 0, legs.body());
                }),
                alone(
                        format,
                        "LINKED_ACK on a circuit that is not linked",
                        (circuit, legs) -> circuit.send(CONFLUX_LINKED_ACK, 0, NOTHING)),
                alone(format, "SWITCH on a circuit that is not linked", (circuit, legs) -> Legs.skip(circuit, 1)));
    }

    /// Circuits that are something else already, or have to be nothing else.
    private static List<Row> places() {
        return List.of(
                lives(Format.TOR1, "legs of both formats", "answer 1, answer 2; nothing", legs -> {
                    legs.linkBoth();
                    ClientCircuit other = legs.another(Format.COUNTER_GALOIS);
                    legs.link(other);
                    Legs.ask(legs.first(), 1);
                    Legs.skip(other, 1);
                    Legs.ask(other, 2);
                    Legs.quiet(other);
                    return legs.bothQuiet();
                }),
                ends("a ninth leg", BROKEN + "; answer 1", legs -> {
                    legs.linkBoth();
                    for (int i = 2; i < LEGS_MAX; i++) {
                        legs.link(legs.another());
                    }
                    ClientCircuit ninth = legs.another().send(CONFLUX_LINK, 0, legs.body());
                    Legs.ask(legs.first(), 1);
                    return Legs.quiet(ninth) + "; " + Legs.quiet(legs.first());
                }),
                row(SECTION, "LINK without congestion control", Scope.CIRCUIT, BROKEN, bench -> {
                    Legs legs = Legs.unlinked(bench, Format.TOR1);
                    return Legs.quiet(bench.exitCircuit().send(CONFLUX_LINK, 0, legs.body()));
                }),
                ends("LINK on a circuit with a stream", BROKEN, legs -> {
                    ClientCircuit circuit =
                            ExitStream.open(legs.bench(), legs.first()).circuit();
                    return Legs.quiet(circuit.send(CONFLUX_LINK, 0, legs.body()));
                }),
                ends("LINK on a circuit with a stream being connected", BROKEN, legs -> {
                    ExitStream stream = ExitStream.atDeafServer(legs.bench(), legs.first());
                    stream.circuit().send(BEGIN, 7, stream.begin());
                    return Legs.quiet(legs.first().send(CONFLUX_LINK, 0, legs.body()));
                }),
                ends("LINK on a circuit with a next hop", BROKEN, legs -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(legs.bench(), legs.first());
                    return extended.circuit().send(CONFLUX_LINK, 0, legs.body()).answer();
                }),
                ends("a numbered message on a leg with a next hop", BROKEN, legs -> {
                    legs.link(legs.first());
                    ExtendedCircuit extended = ExtendedCircuit.open(legs.bench(), legs.first());
                    Legs.ask(extended.circuit(), 1);
                    return extended.circuit().answer();
                }));
    }

    private static List<Row> claims() {
        return List.of(
                ends(
                        "LINK of a new set that claims to have sent",
                        INTERNAL,
                        legs -> Legs.quiet(legs.first().send(CONFLUX_LINK, 0, legs.body(1, 0)))),
                ends("LINK that claims to have sent what never arrived", BROKEN + "; " + INTERNAL, legs -> {
                    legs.link(legs.first());
                    legs.second().send(CONFLUX_LINK, 0, legs.body(1, 0));
                    return legs.bothEnds();
                }),
                ends("LINK that claims to have sent all there is", BROKEN + "; " + INTERNAL, legs -> {
                    legs.link(legs.first());
                    legs.second().send(CONFLUX_LINK, 0, legs.body(-1, -1));
                    return legs.bothEnds();
                }));
    }

    /// What a row sends on a circuit that is no leg yet.
    @FunctionalInterface
    private interface Sent {
        void on(ClientCircuit circuit, Legs legs) throws IOException;
    }

    /// The circuit ends, and nothing that shares its link.
    private static Row alone(Format format, String name, Sent sent) {
        return row(SECTION, format.row(name), Scope.CIRCUIT, BROKEN + "; nothing", bench -> {
            Legs legs = Legs.unlinked(bench, format);
            sent.on(legs.first(), legs);
            return legs.bothQuiet();
        });
    }

    private static Row lives(Format format, String name, String expected, Legs.Exchange exchange) {
        return row(
                SECTION, format.row(name), Scope.NOTHING, expected, bench -> exchange.on(Legs.unlinked(bench, format)));
    }

    private static Row ends(String name, String expected, Legs.Exchange exchange) {
        return row(SECTION, name, Scope.CIRCUIT, expected, bench -> exchange.on(Legs.unlinked(bench, Format.TOR1)));
    }

    private static byte[] changed(Legs legs, int at, int value) {
        byte[] body = legs.body();
        body[at] = (byte) value;
        return body;
    }
}
