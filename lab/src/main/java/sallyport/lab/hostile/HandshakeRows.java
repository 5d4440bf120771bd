package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATE;
import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of onion skins (tor-spec section 5.1, proposal 332).
final class HandshakeRows {
    private static final String REFUSED = "DESTROY 1";
    private static final String NTOR_SECTION = "tor-spec 5.1.4";
    private static final String NTOR_V3_SECTION = "proposal 332";

    private HandshakeRows() {}

    static List<Row> all() {
        return Stream.of(kinds(), ntor(), ntorV3(), extensions())
                .flatMap(List::stream)
                .toList();
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

    private static List<Row> ntorV3() {
        return List.of(
                answers("ntor-v3 without extensions", "00", new byte[] {0}),
                refused(NTOR_V3_SECTION, "ntor-v3 for another relay", relay -> ntorV3(relay, 0)),
                refused(NTOR_V3_SECTION, "ntor-v3 for an unknown onion key", relay -> ntorV3(relay, 32)),
                refused(NTOR_V3_SECTION, "ntor-v3 with another X than the MAC covers", relay -> ntorV3(relay, 64)),
                refused(NTOR_V3_SECTION, "ntor-v3 with a changed message", relay -> ntorV3(relay, 96)),
                refused(NTOR_V3_SECTION, "ntor-v3 with a wrong MAC", relay -> ntorV3(relay, 97)),
                refused(NTOR_V3_SECTION, "ntor-v3 with X zero", relay -> {
                    byte[] request = new NtorV3(relay, new byte[1]).request();
                    Arrays.fill(request, 64, 96, (byte) 0);
                    return skin(NtorV3.TYPE, request.length, request);
                }),
                refused(
                        NTOR_V3_SECTION,
                        "ntor-v3 shorter than its fixed parts",
                        relay -> skin(NtorV3.TYPE, 127, Arrays.copyOf(new NtorV3(relay, new byte[1]).request(), 127))));
    }

    private static List<Row> extensions() {
        return List.of(
                unwelcome("no message at all", new byte[0]),
                unwelcome("an extension that does not fit", new byte[] {1, 1, (byte) 200}),
                unwelcome("more extensions than there are", new byte[] {2, 1, 0}),
                answers("ntor-v3 with an unknown extension", "00", new byte[] {1, 99, 2, 7, 7}),
                unwelcome("the request of a subprotocol that the relay has", new byte[] {1, 3, 2, 2, 5}),
                unwelcome("the request of an unknown subprotocol", new byte[] {1, 3, 2, 99, 1}),
                unwelcome("half a subprotocol", new byte[] {1, 3, 1, 2}),
                unwelcome("subprotocols out of order", new byte[] {1, 3, 4, 2, 6, 2, 5}),
                unwelcome("CGO without congestion control", new byte[] {1, 3, 2, 2, 6}),
                answers("ntor-v3 with a request of congestion control", "0102011f", NtorV3.CONGESTION_CONTROL),
                answers("ntor-v3 with CGO and congestion control", "0102011f", NtorV3.COUNTER_GALOIS));
    }

    /// A row whose onion skin is accepted, and this is said under encryption.
    private static Row answers(String name, String reply, byte[] message) {
        return row(NTOR_V3_SECTION, name, Scope.NOTHING, reply, bench -> {
            NtorV3 skin = new NtorV3(bench.relay(), message);
            bench.with(ClientCircuit.create(bench.clientLink(), skin));
            return Hex.lower(skin.answer());
        });
    }

    private static Row unwelcome(String name, byte[] message) {
        return refused("proposal 346", "ntor-v3 with " + name, relay -> {
            byte[] request = new NtorV3(relay, message).request();
            return skin(NtorV3.TYPE, request.length, request);
        });
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

    private static byte[] ntorV3(RelayFacts relay, int wrongAt) {
        byte[] request = new NtorV3(relay, new byte[1]).request();
        request[wrongAt] ^= 1;
        return skin(NtorV3.TYPE, request.length, request);
    }
}
