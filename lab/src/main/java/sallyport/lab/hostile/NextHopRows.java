package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATED;
import static sallyport.engine.cell.CellCommand.CREATED2;
import static sallyport.engine.cell.CellCommand.CREATED_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.CellCommand.RELAY;
import static sallyport.engine.cell.CellCommand.RELAY_EARLY;
import static sallyport.engine.cell.RelayCommand.CONNECTED;
import static sallyport.engine.cell.RelayCommand.DROP;
import static sallyport.engine.cell.RelayCommand.EXTEND2;
import static sallyport.engine.cell.RelayCommand.EXTENDED2;
import static sallyport.engine.cell.RelayCommand.TRUNCATE;
import static sallyport.engine.cell.RelayCommand.TRUNCATED;
import static sallyport.lab.hostile.Row.row;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of its circuits' next hops, and of circuits that are cut behind it (tor-spec sections
/// 5.2 to 5.6). The next hop is ours as well.
final class NextHopRows {
    private static final String TEAR_SECTION = "tor-spec 5.4";
    private static final String CREATED_SECTION = "tor-spec 5.3";
    private static final String RELAY_SECTION = "tor-spec 5.5";
    private static final String BROKEN = "DESTROY 1";
    private static final String CUT = "DESTROY 11";
    private static final String WHOLE = "EXTENDED2(0) 66 bytes";
    private static final byte[] NOTHING = {};

    private NextHopRows() {}

    static List<Row> all() {
        return Stream.of(created(), relayed(), truncate(), destroy())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> created() {
        return List.of(
                row(CREATED_SECTION, "CREATED2 as it should be", Scope.NOTHING, WHOLE + ", then nothing", bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.pending(bench);
                    extended.created();
                    return extended.circuit().answerThenQuiet();
                }),
                row(CREATED_SECTION, "a second CREATED2", Scope.CIRCUIT, BROKEN, bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench);
                            extended.created();
                            return extended.circuit().answer();
                        })
                        .butTor(WHOLE, Scope.NOTHING),
                pending("CREATED2 that is longer than its cell", CREATED2, new byte[] {2, 0}),
                pending("CREATED2 that no EXTENDED2 can hold", CREATED2, ClientCircuit.created2(new byte[497])),
                pending("CREATED_FAST for CREATE2", CREATED_FAST, new byte[40]),
                pending("CREATED (TAP) for CREATE2", CREATED, new byte[148]),
                row(
                                CREATED_SECTION,
                                "a next hop that shows somebody else's certificates",
                                Scope.CIRCUIT,
                                "DESTROY 7",
                                bench -> {
                                    FakeRelay next = bench.nextHop();
                                    ClientCircuit circuit = bench.fastCircuit()
                                            .send(RelayOut.of(
                                                            EXTEND2,
                                                            0,
                                                            Extend2.to(next.facts())
                                                                    .skin(Ntor.TYPE, ExtendedCircuit.SKIN))
                                                    .early());
                                    bench.closeLater(next.acceptAs(Identity.fresh()));
                                    return circuit.answer();
                                })
                        .butTor("DESTROY 8", Scope.CIRCUIT),
                row("tor-spec 5.1.2", "a second EXTEND2 while the first is under way", Scope.CIRCUIT, BROKEN, bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.pending(bench);
                    return extended.circuit()
                            .send(RelayOut.of(
                                            EXTEND2,
                                            0,
                                            Extend2.to(bench.around().entry()).skin(Ntor.TYPE, ExtendedCircuit.SKIN))
                                    .early())
                            .answer();
                }),
                row(
                        "tor-spec 5.1.2",
                        "a second EXTEND2 to a circuit that goes on",
                        Scope.CIRCUIT,
                        BROKEN + ", at the next hop " + BROKEN,
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench);
                            String answer = extended.circuit()
                                    .send(RelayOut.of(
                                                    EXTEND2,
                                                    0,
                                                    Extend2.to(bench.around().entry())
                                                            .skin(Ntor.TYPE, ExtendedCircuit.SKIN))
                                            .early())
                                    .answer();
                            return answer + ", at the next hop " + extended.atNextHop();
                        }));
    }

    private static List<Row> relayed() {
        return List.of(
                row(RELAY_SECTION, "RELAY that is not for this hop", Scope.NOTHING, "RELAY as sent", bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    RelayOut message = RelayOut.of(DROP, 0, NOTHING).withRecognized(7);
                    return passed(extended, message);
                }),
                row(
                        "tor-spec 5.6",
                        "RELAY_EARLY that is not for this hop",
                        Scope.NOTHING,
                        "RELAY_EARLY as sent",
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench);
                            RelayOut message = RelayOut.of(DROP, 0, NOTHING)
                                    .withRecognized(7)
                                    .early();
                            return passed(extended, message);
                        }),
                row(
                        "tor-spec 5.6",
                        "a ninth RELAY_EARLY that is not for this hop",
                        Scope.CIRCUIT,
                        BROKEN + ", at the next hop " + BROKEN,
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench);
                            // EXTEND2 was the first.
                            for (int i = 2; i <= 9; i++) {
                                extended.circuit()
                                        .send(RelayOut.of(DROP, 0, NOTHING)
                                                .withRecognized(7)
                                                .early());
                            }
                            return extended.circuit().answer() + ", at the next hop " + extended.endAtNextHop();
                        }),
                row(RELAY_SECTION, "RELAY from the next hop", Scope.NOTHING, "RELAY", bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    extended.answer(RELAY, new byte[509]);
                    return extended.circuit().answer();
                }),
                row("tor-spec 5.6", "RELAY_EARLY from the next hop", Scope.CIRCUIT, BROKEN, bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    extended.answer(RELAY_EARLY, new byte[509]);
                    return extended.circuit().answer();
                }),
                row(
                        "tor-spec 6",
                        "RESOLVE of a hop in the middle",
                        Scope.NOTHING,
                        "nothing",
                        bench -> ExtendedCircuit.open(bench).circuit().quiet()),
                row(
                        "tor-spec 5.3",
                        "EXTENDED2, TRUNCATED and CONNECTED from the client",
                        Scope.NOTHING,
                        "nothing",
                        bench -> bench.fastCircuit()
                                .send(EXTENDED2, 0, ClientCircuit.created2(new byte[64]))
                                .send(TRUNCATED, 0, new byte[] {1})
                                .send(CONNECTED, 7, NOTHING)
                                .quiet()));
    }

    private static List<Row> truncate() {
        return List.of(
                row(
                        TEAR_SECTION,
                        "TRUNCATE without a next hop",
                        Scope.NOTHING,
                        "TRUNCATED(0) 03, then nothing",
                        bench -> bench.fastCircuit()
                                .send(TRUNCATE, 0, new byte[] {1})
                                .answerThenQuiet()),
                row(
                        TEAR_SECTION,
                        "TRUNCATE without a reason or a next hop",
                        Scope.NOTHING,
                        "TRUNCATED(0) 03, then nothing",
                        bench -> bench.fastCircuit().send(TRUNCATE, 0, NOTHING).answerThenQuiet()),
                row(
                        TEAR_SECTION,
                        "TRUNCATE with a next hop",
                        Scope.NOTHING,
                        "TRUNCATED(0) 03, then nothing, at the next hop DESTROY 5",
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench);
                            return extended.circuit()
                                            .send(TRUNCATE, 0, new byte[] {5})
                                            .answerThenQuiet() + ", at the next hop " + extended.atNextHop();
                        }),
                row(
                        TEAR_SECTION,
                        "TRUNCATE without a reason",
                        Scope.CIRCUIT,
                        BROKEN + ", at the next hop " + BROKEN,
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.open(bench);
                            return extended.circuit().send(TRUNCATE, 0, NOTHING).answer() + ", at the next hop "
                                    + extended.atNextHop();
                        }),
                row(
                        TEAR_SECTION,
                        "TRUNCATE while EXTEND2 is under way",
                        Scope.NOTHING,
                        "TRUNCATED(0) 03, then nothing",
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.pending(bench);
                            return extended.circuit()
                                    .send(TRUNCATE, 0, new byte[] {5})
                                    .answerThenQuiet();
                        }),
                row(TEAR_SECTION, "EXTEND2 after TRUNCATE", Scope.NOTHING, "nothing", bench -> {
                    ExtendedCircuit first = ExtendedCircuit.open(bench);
                    first.circuit().send(TRUNCATE, 0, new byte[] {5}).awaitMessage(TRUNCATED);
                    return ExtendedCircuit.open(bench, first.circuit())
                            .circuit()
                            .quiet();
                }),
                row(
                        TEAR_SECTION,
                        "CREATED2 of a next hop that was cut off",
                        Scope.NOTHING,
                        "TRUNCATED(0) 03, then nothing",
                        bench -> {
                            ExtendedCircuit extended = ExtendedCircuit.pending(bench);
                            extended.circuit().send(TRUNCATE, 0, new byte[] {5});
                            extended.atNextHop();
                            extended.created();
                            return extended.circuit().answerThenQuiet();
                        }));
    }

    private static List<Row> destroy() {
        return List.of(
                row(TEAR_SECTION, "DESTROY from the client", Scope.CIRCUIT, CUT, bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    ClientCircuit circuit = extended.circuit();
                    circuit.link().wire().send(circuit.id(), DESTROY, new byte[] {9});
                    return extended.atNextHop();
                }),
                row(TEAR_SECTION, "DESTROY from the next hop", Scope.CIRCUIT, CUT, bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    extended.answer(DESTROY, new byte[] {9});
                    return extended.circuit().answer();
                }),
                row(TEAR_SECTION, "DESTROY instead of CREATED2", Scope.CIRCUIT, CUT, bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.pending(bench);
                    extended.answer(DESTROY, new byte[] {1});
                    return extended.circuit().answer();
                }),
                row(TEAR_SECTION, "the end of the next hop's link", Scope.CIRCUIT, "DESTROY 8", bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    extended.next().close();
                    return extended.circuit().answer();
                }),
                row(TEAR_SECTION, "the end of the client's link", Scope.LINK, "DESTROY 8", bench -> {
                    ExtendedCircuit extended = ExtendedCircuit.open(bench);
                    extended.circuit().link().close();
                    return extended.atNextHop();
                }));
    }

    private static Row pending(String name, int command, byte[] body) {
        return row(CREATED_SECTION, name, Scope.CIRCUIT, BROKEN, bench -> {
            ExtendedCircuit extended = ExtendedCircuit.pending(bench);
            extended.answer(command, body);
            return extended.circuit().answer();
        });
    }

    /// What the next hop gets of a message that the subject must not recognize.
    private static String passed(ExtendedCircuit extended, RelayOut message) throws Exception {
        byte[] sent = message.bodyV0();
        ClientCircuit circuit = extended.circuit();
        circuit.sendSealed(message.linkCommand(), circuit.wrapped(message.linkCommand(), sent));
        WireCell got = FakeRelay.next(extended.next());
        return ClientLink.text(got) + (Arrays.equals(got.body(), sent) ? " as sent" : " garbled");
    }
}
