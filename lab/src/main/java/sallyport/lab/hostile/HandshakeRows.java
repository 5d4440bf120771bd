package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATE;
import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of onion skins (tor-spec section 5.1, proposal 332).
final class HandshakeRows {
    private static final String REFUSED = "DESTROY 1";
    private static final String NTOR_SECTION = "tor-spec 5.1.4";

    private HandshakeRows() {}

    static List<Row> all() {
        return Stream.of(kinds(), ntor()).flatMap(List::stream).toList();
    }

    private static List<Row> kinds() {
        return List.of(
                row("tor-spec 5.1", "CREATE (TAP)", Scope.CIRCUIT, REFUSED, bench -> {
                    ClientCircuit circuit = bench.with(ClientCircuit.none(bench.clientLink()));
                    circuit.link().wire().send(circuit.id(), CREATE, new byte[186]);
                    return circuit.answer();
                }),
                refused("tor-spec 5.1", "CREATE2 of type 0 (TAP)", relay -> skin(0, 186, new byte[186])),
                refused("tor-spec 5.1", "CREATE2 of type 1 (CREATE_FAST)", relay -> skin(1, 20, new byte[20])),
                refused("tor-spec 5.1", "CREATE2 of an unknown type", relay -> skin(4, 84, new byte[84])),
                refused("tor-spec 5.1", "CREATE2 of type 65535", relay -> skin(0xFFFF, 84, new byte[84])),
                refused(
                        "tor-spec 5.1",
                        "CREATE2 that is longer than its cell",
                        relay -> skin(Ntor.TYPE, 506, new Ntor(relay).request())));
    }

    private static List<Row> ntor() {
        return List.of(
                row(
                        NTOR_SECTION,
                        "ntor as it should be",
                        Scope.NOTHING,
                        "nothing",
                        bench -> bench.clientCircuit().quiet()),
                refused(
                        NTOR_SECTION,
                        "ntor one byte too short",
                        relay -> skin(Ntor.TYPE, 83, Arrays.copyOf(new Ntor(relay).request(), 83))),
                refused(
                        NTOR_SECTION,
                        "ntor one byte too long",
                        relay -> skin(Ntor.TYPE, 85, Arrays.copyOf(new Ntor(relay).request(), 85))),
                refused(NTOR_SECTION, "ntor for another relay", relay -> ntor(relay, 0)),
                refused(NTOR_SECTION, "ntor for an unknown onion key", relay -> ntor(relay, 20))
                        .butTor("CREATED2", Scope.CIRCUIT),
                refused(NTOR_SECTION, "ntor with X zero", relay -> {
                    byte[] request = new Ntor(relay).request();
                    Arrays.fill(request, 52, 84, (byte) 0);
                    return skin(Ntor.TYPE, 84, request);
                }));
    }

    /// An onion skin of CREATE2.
    @FunctionalInterface
    interface Skin {
        byte[] body(RelayFacts relay) throws IOException;
    }

    private static Row refused(String section, String name, Skin skin) {
        return row(section, name, Scope.CIRCUIT, REFUSED, bench -> {
            ClientCircuit circuit = bench.with(ClientCircuit.none(bench.clientLink()));
            circuit.link().wire().send(circuit.id(), CREATE2, skin.body(bench.relay()));
            return circuit.answer();
        });
    }

    private static byte[] skin(int type, int length, byte[] data) {
        return new Writer().u16(type).u16(length).bytes(data).toBytes();
    }

    private static byte[] ntor(RelayFacts relay, int wrongAt) {
        byte[] request = new Ntor(relay).request();
        request[wrongAt] ^= 1;
        return skin(Ntor.TYPE, request.length, request);
    }
}
