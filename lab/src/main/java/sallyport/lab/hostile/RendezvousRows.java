package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.DROP;
import static sallyport.engine.cell.RelayCommand.ESTABLISH_RENDEZVOUS;
import static sallyport.engine.cell.RelayCommand.RENDEZVOUS1;
import static sallyport.engine.cell.RelayCommand.RENDEZVOUS_ESTABLISHED;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of messages to a rendezvous point (rend-spec-v3 section 4).
final class RendezvousRows {
    private static final String ESTABLISH_SECTION = "rend-spec-v3 4.1";
    private static final String JOIN_SECTION = "rend-spec-v3 4.2";
    private static final String BROKEN = "DESTROY 1";
    private static final String WAITING = "RENDEZVOUS_ESTABLISHED(0), then nothing";
    static final int ANSWER = 70;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] NOTHING = {};

    private RendezvousRows() {}

    static List<Row> all() {
        return Stream.of(establish(), unjoined()).flatMap(List::stream).toList();
    }

    private static List<Row> establish() {
        return List.of(
                row(
                        ESTABLISH_SECTION,
                        "ESTABLISH_RENDEZVOUS",
                        Scope.NOTHING,
                        WAITING,
                        bench -> bench.exitCircuit()
                                .onDuty()
                                .send(ESTABLISH_RENDEZVOUS, 0, cookie())
                                .answerThenQuiet()),
                row(
                        ESTABLISH_SECTION,
                        "ESTABLISH_RENDEZVOUS from a client's own link",
                        Scope.NOTHING,
                        WAITING,
                        bench -> bench.clientCircuit()
                                .onDuty()
                                .send(ESTABLISH_RENDEZVOUS, 0, cookie())
                                .answerThenQuiet()),
                broken(
                        "ESTABLISH_RENDEZVOUS without a cookie",
                        bench -> bench.exitCircuit().send(ESTABLISH_RENDEZVOUS, 0, NOTHING)),
                broken(
                        "ESTABLISH_RENDEZVOUS with a shorter cookie",
                        bench -> bench.exitCircuit().send(ESTABLISH_RENDEZVOUS, 0, new byte[19])),
                broken(
                        "ESTABLISH_RENDEZVOUS with a longer cookie",
                        bench -> bench.exitCircuit().send(ESTABLISH_RENDEZVOUS, 0, new byte[21])),
                broken(
                        "ESTABLISH_RENDEZVOUS twice on one circuit",
                        bench -> waiting(bench, cookie()).send(ESTABLISH_RENDEZVOUS, 0, cookie())),
                broken(
                        "ESTABLISH_RENDEZVOUS to a hop in the middle",
                        bench -> ExtendedCircuit.open(bench, bench.exitCircuit())
                                .circuit()
                                .send(ESTABLISH_RENDEZVOUS, 0, cookie())),
                broken(
                        "ESTABLISH_RENDEZVOUS of a service",
                        bench -> IntroductionRows.service(bench, Introduction.fresh())
                                .send(ESTABLISH_RENDEZVOUS, 0, cookie())),
                broken(
                        "a cell that is not for a rendezvous point",
                        bench -> waiting(bench, cookie())
                                .send(RelayOut.of(DROP, 0, NOTHING).withRecognized(7))),
                row(
                        ESTABLISH_SECTION,
                        "ESTABLISH_RENDEZVOUS with a cookie that is in use",
                        Scope.NOTHING,
                        "DESTROY 1 of the newer",
                        bench -> {
                            byte[] cookie = cookie();
                            ClientCircuit older = waiting(bench, cookie);
                            return bench.another(older.link())
                                            .send(ESTABLISH_RENDEZVOUS, 0, cookie)
                                            .answer()
                                    + " of the newer";
                        }));
    }

    private static List<Row> unjoined() {
        return List.of(
                unjoined(
                        "RENDEZVOUS1 without a byte",
                        bench -> bench.exitCircuit().send(RENDEZVOUS1, 0, NOTHING)),
                unjoined("RENDEZVOUS1 of 19 bytes", bench -> bench.exitCircuit().send(RENDEZVOUS1, 0, new byte[19])),
                unjoined(
                        "RENDEZVOUS1 with a cookie of nobody",
                        bench -> bench.exitCircuit().send(RENDEZVOUS1, 0, rendezvous1(cookie(), ANSWER))),
                unjoined("RENDEZVOUS1 with one's own cookie", bench -> {
                    byte[] cookie = cookie();
                    return waiting(bench, cookie).send(RENDEZVOUS1, 0, rendezvous1(cookie, ANSWER));
                }),
                row(
                        JOIN_SECTION,
                        "RENDEZVOUS1 to a hop in the middle",
                        Scope.NOTHING,
                        "DESTROY 1 of the service",
                        bench -> {
                            byte[] cookie = cookie();
                            ClientCircuit client = waiting(bench, cookie);
                            ClientCircuit service = ExtendedCircuit.open(bench, bench.another(client.link()))
                                    .circuit();
                            return service.send(RENDEZVOUS1, 0, rendezvous1(cookie, ANSWER))
                                            .answer() + " of the service";
                        }),
                row(
                        JOIN_SECTION,
                        "RENDEZVOUS1 with a cookie that was used",
                        Scope.NOTHING,
                        "DESTROY 1 of the second service",
                        bench -> {
                            byte[] cookie = cookie();
                            ClientCircuit client =
                                    JoinRows.Joined.by(bench, cookie).client();
                            return bench.another(client.link())
                                            .send(RENDEZVOUS1, 0, rendezvous1(cookie, ANSWER))
                                            .answer()
                                    + " of the second service";
                        }));
    }

    /// The circuit of a client that waits for its service.
    static ClientCircuit waiting(Bench bench, byte[] cookie) throws IOException {
        ClientCircuit circuit = bench.exitCircuit().onDuty().send(ESTABLISH_RENDEZVOUS, 0, cookie);
        circuit.awaitMessage(RENDEZVOUS_ESTABLISHED);
        return circuit;
    }

    static byte[] cookie() {
        return random(20);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static byte[] rendezvous1(byte[] cookie, int answer) {
        return Arrays.copyOf(cookie, cookie.length + answer);
    }

    /// A circuit on which something was said.
    @FunctionalInterface
    private interface Said {
        ClientCircuit on(Bench bench) throws IOException;
    }

    private static Row broken(String name, Said said) {
        return broken(ESTABLISH_SECTION, name, said);
    }

    private static Row unjoined(String name, Said said) {
        return broken(JOIN_SECTION, name, said);
    }

    private static Row broken(String section, String name, Said said) {
        return row(section, name, Scope.CIRCUIT, BROKEN, bench -> said.on(bench).answer());
    }
}
