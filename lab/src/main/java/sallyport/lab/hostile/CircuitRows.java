package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.engine.cell.CellCommand.CREATED2;
import static sallyport.engine.cell.CellCommand.CREATED_FAST;
import static sallyport.engine.cell.CellCommand.RELAY;
import static sallyport.engine.cell.RelayCommand.EXTEND;
import static sallyport.engine.cell.RelayCommand.EXTEND2;
import static sallyport.engine.cell.RelayCommand.TRUNCATE;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of circuits that are extended, truncated and torn down (tor-spec sections 5.3 to 5.6).
final class CircuitRows {
    private static final String EXTEND_SECTION = "tor-spec 5.1.2";
    private static final String RELAY_SECTION = "tor-spec 5.5";
    private static final String EARLY_SECTION = "tor-spec 5.6";
    private static final String BROKEN = "DESTROY 1";
    private static final byte[] NOTHING = {};
    private static final byte[] ANY_SKIN = ExtendedCircuit.SKIN;

    private CircuitRows() {}

    static List<Row> all() {
        return Stream.of(relay(), extend()).flatMap(List::stream).toList();
    }

    private static List<Row> relay() {
        return List.of(
                row(
                        RELAY_SECTION,
                        "RELAY that nobody recognizes",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.fastCircuit()
                                .send(RelayOut.of(TRUNCATE, 0, NOTHING).unsigned())
                                .answer()),
                row(
                        RELAY_SECTION,
                        "RELAY whose recognized field is not zero",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.fastCircuit()
                                .send(RelayOut.of(TRUNCATE, 0, NOTHING).withRecognized(1))
                                .answer()),
                row(
                        "tor-spec 6.1",
                        "a message longer than its cell",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.fastCircuit()
                                .send(RelayOut.of(TRUNCATE, 0, NOTHING).withLength(499))
                                .answer()),
                row(
                        "tor-spec 6.1",
                        "a message of 65535 bytes",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.fastCircuit()
                                .send(RelayOut.of(TRUNCATE, 0, NOTHING).withLength(0xFFFF))
                                .answer()),
                row(RELAY_SECTION, "RELAY before the circuit is made", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit = bench.with(ClientCircuit.none(bench.clientLink()));
                    Ntor skin = new Ntor(bench.relay());
                    CellWire wire = circuit.link().wire();
                    byte[] create = ClientCircuit.create2(skin.type(), skin.request());
                    // In one piece, so that RELAY is there before a worker has looked at the onion skin.
                    wire.sendRaw(new Writer()
                            .bytes(wire.encoded(circuit.id(), CREATE2, create))
                            .bytes(wire.encoded(circuit.id(), RELAY, new byte[509]))
                            .toBytes());
                    return circuit.answer();
                }),
                row(
                        EARLY_SECTION,
                        "eight RELAY_EARLY",
                        Scope.NOTHING,
                        "nothing",
                        bench -> early(bench, 8).quiet()),
                row(
                        EARLY_SECTION,
                        "a ninth RELAY_EARLY",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> early(bench, 9).quiet()),
                row(RELAY_SECTION, "CREATED2 from the previous hop", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit = bench.fastCircuit();
                    circuit.link().wire().send(circuit.id(), CREATED2, new byte[] {0, 64});
                    return circuit.quiet();
                }),
                row(RELAY_SECTION, "CREATED_FAST from the previous hop", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit = bench.fastCircuit();
                    circuit.link().wire().send(circuit.id(), CREATED_FAST, new byte[40]);
                    return circuit.quiet();
                }));
    }

    private static List<Row> extend() {
        return List.of(
                dropped(
                        "EXTEND2 in a RELAY cell",
                        (bench, circuit) -> circuit.send(RelayOut.of(
                                EXTEND2, 0, Extend2.to(bench.around().entry()).skin(Ntor.TYPE, ANY_SKIN)))),
                dropped(
                        "EXTEND2 of a stream",
                        (bench, circuit) -> circuit.send(RelayOut.of(
                                        EXTEND2,
                                        5,
                                        Extend2.to(bench.around().entry()).skin(Ntor.TYPE, ANY_SKIN))
                                .early())),
                broken("EXTEND (TAP)", bench -> new byte[4 + 2 + 186 + 20], EXTEND),
                row(
                        EXTEND_SECTION,
                        "EXTEND2 to the relay itself",
                        Scope.CIRCUIT,
                        "DESTROY 6",
                        bench -> bench.fastCircuit()
                                .send(RelayOut.of(
                                                EXTEND2,
                                                0,
                                                Extend2.to(bench.relay()).skin(Ntor.TYPE, ANY_SKIN))
                                        .early())
                                .answer()),
                broken(
                        "EXTEND2 without an RSA identity",
                        bench -> Extend2.empty()
                                .address(bench.around().entry().address())
                                .with(Extend2.ED25519, bench.around().entry().ed25519())
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken(
                        "EXTEND2 with an RSA identity of zeros",
                        bench -> Extend2.empty()
                                .address(bench.around().entry().address())
                                .with(Extend2.RSA, new byte[20])
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken(
                        "EXTEND2 with two RSA identities",
                        bench -> Extend2.to(bench.around().entry())
                                .with(Extend2.RSA, bench.around().entry().rsaId())
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken(
                        "EXTEND2 with two Ed25519 identities",
                        bench -> Extend2.to(bench.around().entry())
                                .with(Extend2.ED25519, bench.around().entry().ed25519())
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken(
                        "EXTEND2 without an address",
                        bench -> Extend2.empty()
                                .with(Extend2.RSA, bench.around().entry().rsaId())
                                .with(Extend2.ED25519, bench.around().entry().ed25519())
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken(
                        "EXTEND2 to port 0",
                        bench -> Extend2.empty()
                                .address(new InetSocketAddress(
                                        bench.around().entry().address().getAddress(), 0))
                                .with(Extend2.RSA, bench.around().entry().rsaId())
                                .with(Extend2.ED25519, bench.around().entry().ed25519())
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken(
                        "EXTEND2 with an IPv4 address of five bytes",
                        bench -> Extend2.empty()
                                .with(Extend2.IPV4, new byte[5])
                                .with(Extend2.RSA, bench.around().entry().rsaId())
                                .skin(Ntor.TYPE, ANY_SKIN)),
                broken("EXTEND2 whose specifiers do not fit", bench -> {
                    byte[] body = Extend2.to(bench.around().entry()).skin(Ntor.TYPE, ANY_SKIN);
                    body[0] = 99;
                    return body;
                }),
                broken("EXTEND2 whose onion skin does not fit", bench -> {
                    byte[] body = Extend2.to(bench.around().entry()).skin(Ntor.TYPE, ANY_SKIN);
                    return java.util.Arrays.copyOf(body, body.length - 1);
                }),
                broken("EXTEND2 without a byte", bench -> NOTHING),
                row(EXTEND_SECTION, "EXTEND2 back to the previous hop", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit = bench.exitCircuit();
                    RelayFacts back = bench.previousHop();
                    return circuit.send(RelayOut.of(EXTEND2, 0, Extend2.to(back).skin(Ntor.TYPE, ANY_SKIN))
                                    .early())
                            .answer();
                }),
                row(EXTEND_SECTION, "EXTEND2 to nobody's port", Scope.CIRCUIT, "DESTROY 6", bench -> {
                            RelayFacts nobody;
                            try (FakeRelay gone = bench.nextHop()) {
                                nobody = gone.facts();
                            }
                            return bench.fastCircuit()
                                    .send(RelayOut.of(
                                                    EXTEND2,
                                                    0,
                                                    Extend2.to(nobody).skin(Ntor.TYPE, ANY_SKIN))
                                            .early())
                                    .answer();
                        })
                        .butTor("DESTROY 8", Scope.CIRCUIT),
                row(
                                EXTEND_SECTION,
                                "EXTEND2 to another identity than the next hop has",
                                Scope.CIRCUIT,
                                "DESTROY 7",
                                bench -> {
                                    FakeRelay next = bench.nextHop();
                                    RelayFacts wrong = new RelayFacts(
                                            next.facts().address(),
                                            Identity.fresh().rsaId(),
                                            next.facts().ed25519(),
                                            next.facts().onionKey());
                                    ClientCircuit circuit = bench.fastCircuit()
                                            .send(RelayOut.of(
                                                            EXTEND2,
                                                            0,
                                                            Extend2.to(wrong).skin(Ntor.TYPE, ANY_SKIN))
                                                    .early());
                                    try (CellWire wire = next.accept()) {
                                        return circuit.answer();
                                    }
                                })
                        .butTor("DESTROY 8", Scope.CIRCUIT));
    }

    private static ClientCircuit early(Bench bench, int count) throws IOException {
        ClientCircuit circuit = bench.fastCircuit();
        for (int i = 0; i < count; i++) {
            circuit.send(RelayOut.of(sallyport.engine.cell.RelayCommand.DROP, 0, NOTHING)
                    .early());
        }
        return circuit;
    }

    /// What a row sends on a circuit that stands.
    @FunctionalInterface
    private interface Sent {
        void on(Bench bench, ClientCircuit circuit) throws IOException;
    }

    /// The body of an EXTEND2.
    @FunctionalInterface
    private interface Body {
        byte[] of(Bench bench) throws IOException;
    }

    private static Row dropped(String name, Sent sent) {
        return row(EXTEND_SECTION, name, Scope.NOTHING, "nothing", bench -> {
            ClientCircuit circuit = bench.fastCircuit();
            sent.on(bench, circuit);
            return circuit.quiet();
        });
    }

    private static Row broken(String name, Body body) {
        return broken(name, body, EXTEND2);
    }

    private static Row broken(String name, Body body, int command) {
        return row(
                EXTEND_SECTION,
                name,
                Scope.CIRCUIT,
                BROKEN,
                bench -> bench.fastCircuit()
                        .send(RelayOut.of(command, 0, body.of(bench)).early())
                        .answer());
    }
}
