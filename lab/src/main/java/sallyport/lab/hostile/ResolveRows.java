package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.lab.hostile.Row.row;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of RESOLVE, from anybody (tor-spec section 6.4).
final class ResolveRows {
    private static final String RESOLVE_SECTION = "tor-spec 6.4";

    private ResolveRows() {}

    static List<Row> all() {
        return Stream.concat(
                        Stream.of(
                                resolved("an IPv4 address", "192.0.2.7", error(0xF1)),
                                resolved("a name", "one.example", "0404c00002010000003c"),
                                resolved("a name in capitals", "ONE.EXAMPLE", "0404c00002010000003c"),
                                resolved(
                                        "a name of both families",
                                        "both.example",
                                        "0404c00002010000003c061020010db80000000000000000000000010000003c"),
                                resolved("a name that does not exist", "absent.example", error(0xF1)),
                                resolved("a name whose server fails", "broken.example", error(0xF0)),
                                resolved("a name with a character that no name has", "a!b.example", error(0xF1)),
                                resolved(
                                        "the name of an address",
                                        "9.2.0.192.in-addr.arpa",
                                        "000c" + Hex.lower(StreamRows.ascii("nine.example")) + "0000003c"),
                                resolved("the name of a private address", "1.0.0.10.in-addr.arpa", error(0xF1)),
                                resolved("a broken name of an address", "1.2.in-addr.arpa", error(0xF1))),
                        IntStream.of(2)
                                .mapToObj(hops -> row(
                                        RESOLVE_SECTION,
                                        "RESOLVE over two hops",
                                        Scope.NOTHING,
                                        "RESOLVED(7) 0404c00002010000003c, then nothing",
                                        bench -> bench.twoHops()
                                                .send(RESOLVE, 7, StreamRows.ascii("one.example\0"))
                                                .answerThenQuiet())))
                .toList();
    }

    // tor-spec 6.4: "0xF0 (Error, transient), 0xF1 (Error, nontransient)"; the text is C tor's.
    private static String error(int type) {
        byte[] text = StreamRows.ascii("Error resolving hostname");
        return Hex.lower(
                new Writer().u8(type).u8(text.length).bytes(text).u32(60).toBytes());
    }

    private static Row resolved(String name, String asked, String body) {
        return row(
                RESOLVE_SECTION,
                "RESOLVE of " + name,
                Scope.NOTHING,
                "RESOLVED(7) " + body + ", then nothing",
                bench -> bench.clientCircuit()
                        .send(RESOLVE, 7, StreamRows.ascii(asked + "\0"))
                        .answerThenQuiet());
    }
}
