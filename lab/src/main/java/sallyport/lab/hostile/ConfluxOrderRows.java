package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.CONFLUX_LINKED_ACK;
import static sallyport.engine.cell.RelayCommand.CONFLUX_SWITCH;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.END;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.engine.cell.CellCommand;
import sallyport.lab.hostile.Legs.Format;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of the numbers of messages that come over legs, and of the loss of legs (proposal 329).
final class ConfluxOrderRows {
    private static final String SECTION = "proposal 329";
    private static final String BROKEN = "DESTROY 1";
    private static final String INTERNAL = "DESTROY 2";
    private static final String FINISHED = "DESTROY 9";
    private static final byte[] NOTHING = {};
    /// The `cc_sendme_inc` of the network.
    private static final int INCREMENT_CELLS = 31;
    // Longer than the round trip of the other leg will be, however much else this machine does.
    private static final long SLOW_MILLIS = 1_000;

    private ConfluxOrderRows() {}

    static List<Row> all() {
        return Stream.of(numbers(Format.TOR1), numbers(Format.COUNTER_GALOIS), losses())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> numbers(Format format) {
        return List.of(
                onLegs(format, "messages over two legs", "answer 1, answer 2, answer 3; nothing", legs -> {
                    Legs.skip(legs.second(), 1);
                    Legs.ask(legs.second(), 2);
                    Legs.ask(legs.second(), 3);
                    String early = Legs.quiet(legs.second());
                    Legs.ask(legs.first(), 1);
                    return early.equals("nothing") ? legs.bothQuiet() : early;
                }),
                onLegs(format, "a message after a gap that nobody fills", "nothing; nothing", legs -> {
                    Legs.skip(legs.first(), 1);
                    Legs.ask(legs.first(), 2);
                    return legs.bothQuiet();
                }),
                row(
                        SECTION,
                        format.row("a number that was delivered"),
                        Scope.CIRCUIT,
                        "answer 1, answer 3; " + INTERNAL,
                        bench -> {
                            Legs legs = Legs.linked(bench, format);
                            Legs.ask(legs.first(), 1);
                            Legs.quiet(legs.second());
                            Legs.ask(legs.second(), 2);
                            String second = Legs.quiet(legs.second());
                            Legs.ask(legs.first(), 3);
                            return Legs.quiet(legs.first()) + "; " + second;
                        }),
                onLegs(format, "SWITCH of three bytes", "answer 1; nothing", legs -> {
                    legs.first().send(CONFLUX_SWITCH, 0, new byte[] {0, 0, 1});
                    Legs.ask(legs.first(), 1);
                    return legs.bothQuiet();
                }),
                onLegs(format, "SWITCH without a body", "answer 1; nothing", legs -> {
                    legs.first().send(CONFLUX_SWITCH, 0, NOTHING);
                    Legs.ask(legs.first(), 1);
                    return legs.bothQuiet();
                }),
                onLegs(format, "SWITCH by nothing", "answer 1; nothing", legs -> {
                    Legs.skip(legs.first(), 0);
                    Legs.ask(legs.first(), 1);
                    return legs.bothQuiet();
                }),
                onLegs(format, "SWITCH by all there is, twice", "nothing; answer 1", legs -> {
                    Legs.skip(legs.second(), -1);
                    Legs.skip(legs.second(), -1);
                    Legs.ask(legs.second(), 9);
                    String early = legs.bothQuiet();
                    Legs.ask(legs.first(), 1);
                    String second = Legs.quiet(legs.second());
                    return early.equals("nothing; nothing") ? second + "; " + Legs.quiet(legs.first()) : early;
                }),
                onLegs(format, "RESOLVE and END of no stream have no number", "answer 1; nothing", legs -> {
                    legs.first().send(RESOLVE, 0, NOTHING).send(END, 0, new byte[] {6});
                    Legs.ask(legs.second(), 1);
                    return legs.bothQuiet();
                }),
                onLegs(format, "DATA of no stream has a number", "answer 2; nothing", legs -> {
                    legs.first().send(DATA, 0, new byte[1]);
                    Legs.skip(legs.second(), 1);
                    Legs.ask(legs.second(), 2);
                    Legs.quiet(legs.second());
                    return legs.bothQuiet();
                }),
                onLegs(format, "31 DATA that come too early", "SENDME(0) of the last", legs -> {
                    Legs.skip(legs.second(), 1);
                    for (int i = 0; i < INCREMENT_CELLS; i++) {
                        legs.second().send(DATA, 99, new byte[1]);
                    }
                    byte[] tag = legs.second().lastHop().forwardTag();
                    String expected = "0100%02x%s".formatted(tag.length, Hex.lower(tag));
                    return Legs.quiet(legs.second()).replace(expected, "of the last");
                }));
    }

    private static List<Row> losses() {
        return List.of(
                onLegs(Format.TOR1, "DESTROY of a leg that carried nothing", "answer 1, answer 2", legs -> {
                    Legs.ask(legs.first(), 1);
                    destroy(legs.second());
                    Legs.ask(legs.first(), 2);
                    return Legs.quiet(legs.first());
                }),
                ends("DESTROY of the leg in use", FINISHED, legs -> {
                    Legs.ask(legs.first(), 1);
                    Legs.quiet(legs.first());
                    destroy(legs.first());
                    return Legs.quiet(legs.second());
                }),
                ends("DESTROY of the leg that the client used last", FINISHED, legs -> {
                    Legs.skip(legs.second(), 7);
                    destroy(legs.second());
                    return Legs.quiet(legs.first());
                }),
                ends("END without a reason on a leg", BROKEN + "; " + FINISHED, legs -> {
                    legs.first().send(END, 9, NOTHING);
                    return legs.bothEnds();
                }),
                row(
                        SECTION,
                        "LINK that claims to have received what was never sent",
                        Scope.CIRCUIT,
                        "answer 1; " + BROKEN + "; " + BROKEN,
                        bench -> {
                            Legs legs = Legs.unlinked(bench, Format.TOR1);
                            legs.link(legs.first());
                            Thread.sleep(SLOW_MILLIS);
                            legs.first().send(CONFLUX_LINKED_ACK, 0, NOTHING);
                            Legs.ask(legs.first(), 1);
                            String before = Legs.quiet(legs.first());
                            // Now the fastest, and the answer goes there.
                            legs.link(legs.second(), legs.body(0, 9));
                            legs.second().send(CONFLUX_LINKED_ACK, 0, NOTHING);
                            Legs.quiet(legs.second());
                            Legs.ask(legs.first(), 2);
                            return before + "; " + legs.bothEnds();
                        }));
    }

    private static void destroy(ClientCircuit circuit) throws IOException {
        circuit.link().wire().send(circuit.id(), CellCommand.DESTROY, new byte[] {9});
    }

    /// Both legs live on.
    private static Row onLegs(Format format, String name, String expected, Legs.Exchange exchange) {
        return row(
                SECTION, format.row(name), Scope.NOTHING, expected, bench -> exchange.on(Legs.linked(bench, format)));
    }

    /// The set ends, and nothing that shares its link.
    private static Row ends(String name, String expected, Legs.Exchange exchange) {
        return row(SECTION, name, Scope.CIRCUIT, expected, bench -> exchange.on(Legs.linked(bench, Format.TOR1)));
    }
}
