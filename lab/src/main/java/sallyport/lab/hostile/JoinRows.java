package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.RelayCommand.BEGIN_DIR;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.ESTABLISH_RENDEZVOUS;
import static sallyport.engine.cell.RelayCommand.EXTEND;
import static sallyport.engine.cell.RelayCommand.RENDEZVOUS1;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of circuits that it joined (rend-spec-v3 section 4.2).
final class JoinRows {
    private static final String JOIN_SECTION = "rend-spec-v3 4.2";
    private static final byte[] NOTHING = {};

    private JoinRows() {}

    static List<Row> all() {
        return Stream.of(joined(), parted()).flatMap(List::stream).toList();
    }

    private static List<Row> joined() {
        return List.of(
                answered("RENDEZVOUS1", "RENDEZVOUS2(0) 70 bytes, then nothing", RendezvousRows.ANSWER),
                answered("RENDEZVOUS1 with nothing but a cookie", "RENDEZVOUS2(0), then nothing", 0),
                answered("RENDEZVOUS1 that fills its cell", "RENDEZVOUS2(0) 478 bytes, then nothing", 478),
                row(
                        JOIN_SECTION,
                        "cells between joined circuits",
                        Scope.NOTHING,
                        "DATA(3) 498 bytes, DATA(4) 0102, DATA(5)",
                        bench -> {
                            Joined pair = Joined.by(bench, RendezvousRows.cookie());
                            pair.client().send(DATA, 3, new byte[498]);
                            String first = pair.service().answer();
                            pair.service().send(DATA, 4, new byte[] {1, 2});
                            pair.service().send(DATA, 5, NOTHING);
                            return first + ", " + pair.client().answers(2);
                        }),
                row(
                        "tor-spec 5.6",
                        "RELAY_EARLY between joined circuits",
                        Scope.NOTHING,
                        "DATA(3) 09, then nothing",
                        bench -> {
                            Joined pair = Joined.by(bench, RendezvousRows.cookie());
                            pair.client()
                                    .send(RelayOut.of(DATA, 3, new byte[] {9}).early());
                            return pair.service().answerThenQuiet();
                        }),
                row(
                        JOIN_SECTION,
                        "BEGIN_DIR and RESOLVE to the relay that joins",
                        Scope.NOTHING,
                        "END(7) 0e from hop 0, then nothing",
                        bench -> {
                            Joined pair = Joined.by(bench, RendezvousRows.cookie());
                            return pair.client()
                                    .send(0, RelayOut.of(RESOLVE, 6, StreamRows.ascii("192.0.2.1\0")))
                                    .send(0, RelayOut.of(BEGIN_DIR, 7, NOTHING))
                                    .answerThenQuiet();
                        }),
                // docs/differences.md: C tor keeps the cookie, and ends whom it joined.
                row(
                                JOIN_SECTION,
                                "ESTABLISH_RENDEZVOUS with a cookie that was used",
                                Scope.NOTHING,
                                "RENDEZVOUS_ESTABLISHED(0), then nothing, to the joined nothing",
                                bench -> {
                                    byte[] cookie = RendezvousRows.cookie();
                                    Joined pair = Joined.by(bench, cookie);
                                    ClientCircuit again =
                                            bench.another(pair.client().link()).onDuty();
                                    String answer = again.send(ESTABLISH_RENDEZVOUS, 0, cookie)
                                            .answerThenQuiet();
                                    return answer + ", to the joined "
                                            + bench.with(pair.client()).quiet();
                                })
                        .butTor("RENDEZVOUS_ESTABLISHED(0), then nothing, to the joined DESTROY 9", Scope.CIRCUIT));
    }

    private static List<Row> parted() {
        return List.of(
                row(JOIN_SECTION, "DESTROY of a joined client", Scope.CIRCUIT, "DESTROY 11", bench -> {
                    Joined pair = Joined.by(bench, RendezvousRows.cookie());
                    ClientCircuit client = pair.client();
                    client.link().wire().send(client.id(), DESTROY, new byte[] {9});
                    return pair.service().answer();
                }),
                row(JOIN_SECTION, "DESTROY of a joined service", Scope.CIRCUIT, "DESTROY 11", bench -> {
                    Joined pair = Joined.by(bench, RendezvousRows.cookie());
                    ClientCircuit service = pair.service();
                    service.link().wire().send(service.id(), DESTROY, new byte[] {9});
                    return pair.client().answer();
                }),
                row(
                        JOIN_SECTION,
                        "a joined client that breaks a rule",
                        Scope.CIRCUIT,
                        "DESTROY 1, DESTROY 1",
                        bench -> {
                            Joined pair = Joined.apart(bench, RendezvousRows.cookie());
                            pair.client()
                                    .send(
                                            0,
                                            RelayOut.of(EXTEND, 0, new byte[200])
                                                    .early());
                            return pair.client().answer() + ", "
                                    + pair.service().answer();
                        }));
    }

    /// A client and a service whose circuits were joined, and who can read each other.
    record Joined(ClientCircuit client, ClientCircuit service) {
        static Joined by(Bench bench, byte[] cookie) throws IOException {
            ClientCircuit client = RendezvousRows.waiting(bench, cookie);
            return by(client, bench.another(client.link()), cookie);
        }

        /// The same, but each on a link of its own: C tor holds a second DESTROY of a link back.
        static Joined apart(Bench bench, byte[] cookie) throws IOException {
            return by(RendezvousRows.waiting(bench, cookie), bench.exitCircuit(), cookie);
        }

        private static Joined by(ClientCircuit client, ClientCircuit service, byte[] cookie) throws IOException {
            service.send(RENDEZVOUS1, 0, RendezvousRows.rendezvous1(cookie, RendezvousRows.ANSWER))
                    .onDuty();
            String answer = client.answer();
            if (!answer.equals("RENDEZVOUS2(0) 70 bytes")) {
                throw new IOException("instead of RENDEZVOUS2 came " + answer);
            }
            byte[] keys = RendezvousRows.random(Tor1Hop.KEY_BYTES);
            client.addHop(new Tor1Hop(keys));
            service.addHop(new Tor1Hop(swapped(keys)));
            return new Joined(client, service);
        }

        /// Df, Db, Kf, Kb as the other end sees them.
        private static byte[] swapped(byte[] keys) {
            return new Writer()
                    .bytes(keys, 20, 20)
                    .bytes(keys, 0, 20)
                    .bytes(keys, 56, 16)
                    .bytes(keys, 40, 16)
                    .toBytes();
        }
    }

    private static Row answered(String name, String expected, int length) {
        return row(JOIN_SECTION, name, Scope.NOTHING, expected, bench -> {
            byte[] cookie = RendezvousRows.cookie();
            ClientCircuit client = RendezvousRows.waiting(bench, cookie);
            bench.another(client.link()).send(RENDEZVOUS1, 0, RendezvousRows.rendezvous1(cookie, length));
            return client.answerThenQuiet();
        });
    }
}
