package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN_DIR;
import static sallyport.engine.cell.RelayCommand.ESTABLISH_INTRO;
import static sallyport.engine.cell.RelayCommand.INTRODUCE1;
import static sallyport.engine.cell.RelayCommand.INTRODUCE2;
import static sallyport.engine.cell.RelayCommand.INTRODUCE_ACK;
import static sallyport.engine.cell.RelayCommand.INTRO_ESTABLISHED;
import static sallyport.engine.cell.RelayCommand.RENDEZVOUS2;
import static sallyport.engine.cell.RelayCommand.RENDEZVOUS_ESTABLISHED;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of messages to an introduction point (rend-spec-v3 section 3).
final class IntroductionRows {
    private static final String ESTABLISH_SECTION = "rend-spec-v3 3.1";
    private static final String INTRODUCE_SECTION = "rend-spec-v3 3.2";
    private static final String BROKEN = "DESTROY 1";
    private static final String ESTABLISHED = "INTRO_ESTABLISHED(0) 00";
    private static final String ACCEPTED = "INTRODUCE_ACK(0) 000000, then nothing";
    private static final String UNKNOWN = "INTRODUCE_ACK(0) 000100, then nothing";
    private static final String BAD_FORMAT = "INTRODUCE_ACK(0) 000200, then nothing";
    private static final int SEALED = 20;
    private static final int LONGEST_SEALED = 490 - 56;
    private static final byte[] NOTHING = {};

    private IntroductionRows() {}

    static List<Row> all() {
        return Stream.of(establish(), replaced(), introduce(), passed())
                .flatMap(List::stream)
                .toList();
    }

    /// What a service says, made for its circuit.
    @FunctionalInterface
    private interface Made {
        byte[] with(Introduction service, byte[] nonce);
    }

    private static List<Row> establish() {
        return List.of(
                established("ESTABLISH_INTRO", Introduction::establish),
                established(
                        "ESTABLISH_INTRO with bytes behind it",
                        (service, nonce) -> Arrays.copyOf(service.establish(nonce), 300)),
                established(
                        "ESTABLISH_INTRO with an extension that nobody knows",
                        (service, nonce) -> service.establish(nonce, Introduction.extension(77, new byte[9]))),
                established(
                        "ESTABLISH_INTRO with a rate that cannot be read",
                        (service, nonce) -> service.establish(nonce, Introduction.extension(1, new byte[] {2, 1}))),
                refused("ESTABLISH_INTRO without a byte", (_, _) -> NOTHING),
                refused("ESTABLISH_INTRO of version 2", (_, _) -> new byte[300]),
                refused("ESTABLISH_INTRO with a key of no kind", (service, nonce) -> {
                    byte[] body = service.establish(nonce);
                    body[0] = 3;
                    return body;
                }),
                refused("ESTABLISH_INTRO that is cut off", (service, nonce) -> {
                    byte[] body = service.establish(nonce);
                    return Arrays.copyOf(body, body.length - 1);
                }),
                refused(
                        "ESTABLISH_INTRO with a shorter key",
                        (service, nonce) -> service.finish(
                                new Writer()
                                        .u8(2)
                                        .u16(31)
                                        .bytes(service.key().point(), 0, 31)
                                        .u8(0),
                                nonce)),
                refused(
                        "ESTABLISH_INTRO that promises an extension",
                        (service, nonce) -> service.finish(
                                new Writer()
                                        .u8(2)
                                        .u16(32)
                                        .bytes(service.key().point())
                                        .u8(1),
                                nonce)),
                refused("ESTABLISH_INTRO of another circuit", (service, _) -> service.establish(new byte[20])),
                refused("ESTABLISH_INTRO with a wrong signature", (service, nonce) -> {
                    byte[] body = service.establish(nonce);
                    body[body.length - 40] ^= 1;
                    return body;
                }),
                row(ESTABLISH_SECTION, "ESTABLISH_INTRO twice on one circuit", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit = service(bench, Introduction.fresh());
                    return circuit.send(ESTABLISH_INTRO, 0, Introduction.fresh().establish(circuit.nonce()))
                            .answer();
                }),
                row(ESTABLISH_SECTION, "ESTABLISH_INTRO to a hop in the middle", Scope.CIRCUIT, BROKEN, bench -> {
                    ClientCircuit circuit =
                            ExtendedCircuit.open(bench, bench.exitCircuit()).circuit();
                    return circuit.send(ESTABLISH_INTRO, 0, Introduction.fresh().establish(circuit.nonce()))
                            .answer();
                }),
                row(
                        ESTABLISH_SECTION,
                        "ESTABLISH_INTRO from a client's own link",
                        Scope.NOTHING,
                        ESTABLISHED + ", then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.clientCircuit().onDuty();
                            return circuit.send(
                                            ESTABLISH_INTRO,
                                            0,
                                            Introduction.fresh().establish(circuit.nonce()))
                                    .answerThenQuiet();
                        }),
                row(
                        ESTABLISH_SECTION,
                        "BEGIN_DIR and RESOLVE to an introduction point",
                        Scope.NOTHING,
                        "END(7) 0e, then nothing",
                        bench -> service(bench, Introduction.fresh())
                                .send(RESOLVE, 6, StreamRows.ascii("192.0.2.1\0"))
                                .send(BEGIN_DIR, 7, NOTHING)
                                .answerThenQuiet()),
                row(
                        ESTABLISH_SECTION,
                        "answers of introduction and rendezvous points",
                        Scope.NOTHING,
                        "nothing",
                        bench -> {
                            ClientCircuit circuit = bench.exitCircuit();
                            for (int command : new int[] {
                                INTRODUCE2, INTRODUCE_ACK, INTRO_ESTABLISHED, RENDEZVOUS2, RENDEZVOUS_ESTABLISHED
                            }) {
                                circuit.send(command, 0, new byte[3]);
                            }
                            return circuit.quiet();
                        }));
    }

    private static List<Row> replaced() {
        return List.of(row(
                ESTABLISH_SECTION,
                "ESTABLISH_INTRO with a key that is in use",
                Scope.NOTHING,
                "DESTROY 9 of the older, INTRODUCE2(0) 76 bytes, then nothing",
                bench -> {
                    Introduction service = Introduction.fresh();
                    ClientCircuit older = service(bench, service);
                    ClientCircuit newer = bench.with(establish(bench.another(older.link()), service));
                    String end = older.answer();
                    bench.another(older.link()).send(INTRODUCE1, 0, service.introduce(SEALED));
                    return end + " of the older, " + newer.answerThenQuiet();
                }));
    }

    private static List<Row> introduce() {
        Introduction unknown = Introduction.fresh();
        return List.of(
                introduced("INTRODUCE1 to nobody", UNKNOWN, unknown.introduce(SEALED)),
                introduced("INTRODUCE1 without an end", BAD_FORMAT, new byte[20]),
                introduced("INTRODUCE1 of version 2", BAD_FORMAT, legacy(unknown)),
                introduced("INTRODUCE1 with nothing for the service", BAD_FORMAT, unknown.introduce(0)),
                introduced("INTRODUCE1 as long as INTRODUCE2 may be", UNKNOWN, unknown.introduce(LONGEST_SEALED)),
                introduced("INTRODUCE1 a byte longer", BAD_FORMAT, unknown.introduce(LONGEST_SEALED + 1)),
                introduced("INTRODUCE1 that fills its cell", BAD_FORMAT, unknown.introduce(498 - 56)),
                broken("INTRODUCE1 without a byte", bench -> bench.exitCircuit().send(INTRODUCE1, 0, NOTHING)),
                broken("INTRODUCE1 of 19 bytes", bench -> bench.exitCircuit().send(INTRODUCE1, 0, new byte[19])),
                broken(
                        "INTRODUCE1 from a client's own link",
                        bench -> bench.clientCircuit().send(INTRODUCE1, 0, unknown.introduce(SEALED))),
                broken(
                        "INTRODUCE1 to a hop in the middle",
                        bench -> ExtendedCircuit.open(bench, bench.exitCircuit())
                                .circuit()
                                .send(INTRODUCE1, 0, unknown.introduce(SEALED))),
                broken(
                        "INTRODUCE1 of a service",
                        bench -> service(bench, Introduction.fresh()).send(INTRODUCE1, 0, unknown.introduce(SEALED))),
                broken("INTRODUCE1 twice on one circuit", bench -> {
                    ClientCircuit circuit = bench.exitCircuit().send(INTRODUCE1, 0, new byte[20]);
                    circuit.awaitMessage(INTRODUCE_ACK);
                    return circuit.send(INTRODUCE1, 0, unknown.introduce(SEALED));
                }));
    }

    private static List<Row> passed() {
        return List.of(
                passed("INTRODUCE1 to a service", ACCEPTED + ", to the service INTRODUCE2(0) 76 bytes, then nothing"),
                // Each bucket loses its last token to nobody, and so one of one token lets nothing through.
                passed("INTRODUCE1 beyond the rate of the service", UNKNOWN + ", to the service nothing", 1, 1),
                passed(
                        "INTRODUCE1 to a service of a rate of zero",
                        ACCEPTED + ", to the service INTRODUCE2(0) 76 bytes, then nothing",
                        0,
                        1),
                passed(
                        "INTRODUCE1 to a service of a burst below its rate",
                        ACCEPTED + ", to the service INTRODUCE2(0) 76 bytes, then nothing",
                        2,
                        1),
                passed(
                        "INTRODUCE1 to a service of a rate beyond all numbers",
                        ACCEPTED + ", to the service INTRODUCE2(0) 76 bytes, then nothing",
                        1L << 31,
                        1L << 31));
    }

    /// The circuit of a service that waits for introductions.
    static ClientCircuit service(Bench bench, Introduction service, byte[]... extensions) throws IOException {
        return bench.with(establish(bench.exitCircuit(), service, extensions));
    }

    private static ClientCircuit establish(ClientCircuit circuit, Introduction service, byte[]... extensions)
            throws IOException {
        circuit.send(ESTABLISH_INTRO, 0, service.establish(circuit.nonce(), extensions))
                .awaitMessage(INTRO_ESTABLISHED);
        return circuit.onDuty();
    }

    private static byte[] legacy(Introduction service) {
        byte[] body = service.introduce(100);
        body[19] = 1;
        return body;
    }

    private static Row established(String name, Made made) {
        return row(ESTABLISH_SECTION, name, Scope.NOTHING, ESTABLISHED + ", then nothing", bench -> {
            ClientCircuit circuit = bench.exitCircuit().onDuty();
            return circuit.send(ESTABLISH_INTRO, 0, made.with(Introduction.fresh(), circuit.nonce()))
                    .answerThenQuiet();
        });
    }

    private static Row refused(String name, Made made) {
        return row(ESTABLISH_SECTION, name, Scope.CIRCUIT, BROKEN, bench -> {
            ClientCircuit circuit = bench.exitCircuit();
            return circuit.send(ESTABLISH_INTRO, 0, made.with(Introduction.fresh(), circuit.nonce()))
                    .answer();
        });
    }

    private static Row introduced(String name, String expected, byte[] body) {
        return row(
                INTRODUCE_SECTION,
                name,
                Scope.NOTHING,
                expected,
                bench -> bench.exitCircuit().send(INTRODUCE1, 0, body).answerThenQuiet());
    }

    /// A circuit on which something was said.
    @FunctionalInterface
    private interface Said {
        ClientCircuit on(Bench bench) throws IOException;
    }

    private static Row broken(String name, Said said) {
        return row(
                INTRODUCE_SECTION,
                name,
                Scope.CIRCUIT,
                BROKEN,
                bench -> said.on(bench).answer());
    }

    private static Row passed(String name, String expected, long... rate) {
        return row(INTRODUCE_SECTION, name, Scope.NOTHING, expected, bench -> {
            Introduction service = Introduction.fresh();
            byte[][] extensions = rate.length == 0 ? new byte[0][] : new byte[][] {Introduction.rate(rate[0], rate[1])};
            ClientCircuit waiting = service(bench, service, extensions);
            String toClient = bench.another(waiting.link())
                    .send(INTRODUCE1, 0, service.introduce(SEALED))
                    .answerThenQuiet();
            String toService = toClient.equals(ACCEPTED) ? waiting.answerThenQuiet() : waiting.quiet();
            return toClient + ", to the service " + toService;
        });
    }
}
