package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.engine.cell.RelayCommand.BEGIN_DIR;
import static sallyport.engine.cell.RelayCommand.CONNECTED;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.END;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.engine.cell.RelayCommand.RESOLVED;
import static sallyport.engine.cell.RelayCommand.SENDME;
import static sallyport.engine.cell.RelayCommand.XOFF;
import static sallyport.engine.cell.RelayCommand.XON;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of BEGIN, and of messages that belong to no stream (tor-spec section 6.2).
final class StreamRows {
    private static final String OPEN_SECTION = "tor-spec 6.2";
    private static final String CLOSE_SECTION = "tor-spec 6.3";
    private static final String BROKEN = "DESTROY 1";
    private static final String NOT_UNDERSTOOD = "END(7) 0d, then nothing";
    private static final String UNRESOLVED = "END(7) 02, then nothing";
    private static final int IPV6_OK = 1;
    private static final int IPV4_NOT_OK = 2;
    private static final byte[] NOTHING = {};

    private StreamRows() {}

    static List<Row> all() {
        return Stream.of(nowhere(), begin(), refused()).flatMap(List::stream).toList();
    }

    /// Messages of no stream.
    private static List<Row> nowhere() {
        return List.of(
                ignored("BEGIN of stream 0", circuit -> circuit.send(BEGIN, 0, ascii("192.0.2.1:80\0"))),
                ignored("BEGIN_DIR of stream 0", circuit -> circuit.send(BEGIN_DIR, 0, NOTHING)),
                ignored("CONNECTED of stream 0", circuit -> circuit.send(CONNECTED, 0, NOTHING)),
                ignored("END of stream 0", circuit -> circuit.send(END, 0, new byte[] {6})),
                ignored("RESOLVE of stream 0", circuit -> circuit.send(RESOLVE, 0, ascii("192.0.2.1\0"))),
                ignored("RESOLVED of stream 0", circuit -> circuit.send(RESOLVED, 0, new byte[] {4, 4, 1, 2, 3, 4})),
                ignored("DATA of stream 0", circuit -> circuit.send(DATA, 0, new byte[10])),
                ignored("DATA of an unknown stream", circuit -> circuit.send(DATA, 99, new byte[10])),
                ignored("END of an unknown stream", circuit -> circuit.send(END, 99, new byte[] {6})),
                row(
                        OPEN_SECTION,
                        "END of an unknown stream without a reason",
                        Scope.CIRCUIT,
                        BROKEN,
                        bench -> bench.exitCircuit().send(END, 99, NOTHING).quiet()),
                ignored("SENDME of an unknown stream", circuit -> circuit.send(SENDME, 99, NOTHING)),
                ignored(
                        "XOFF and XON of an unknown stream",
                        circuit -> circuit.send(XOFF, 99, new byte[1]).send(XON, 99, new byte[5])),
                ignored(
                        "CONNECTED and RESOLVED of an unknown stream",
                        circuit ->
                                circuit.send(CONNECTED, 99, NOTHING).send(RESOLVED, 99, new byte[] {4, 4, 1, 2, 3, 4})),
                ignored(
                        "relay commands that do not exist",
                        circuit -> circuit.send(16, 0, NOTHING)
                                .send(17, 5, NOTHING)
                                .send(99, 0, new byte[498])
                                .send(255, 0xFFFF, NOTHING)),
                row(
                        OPEN_SECTION,
                        "hundred DATA of an unknown stream",
                        Scope.NOTHING,
                        "SENDME(0) of the last, then nothing",
                        bench -> {
                            ClientCircuit circuit = bench.fastCircuit();
                            for (int i = 0; i < 100; i++) {
                                circuit.send(DATA, 99, new byte[i]);
                            }
                            String tag = Hex.lower(circuit.lastHop().forwardTag());
                            return circuit.answerThenQuiet().replace("010014" + tag, "of the last");
                        }));
    }

    /// BEGIN that is refused before anything is looked up.
    private static List<Row> begin() {
        return Stream.concat(
                        Stream.of(
                                row(
                                        OPEN_SECTION,
                                        "BEGIN from a client's own link",
                                        Scope.NOTHING,
                                        NOT_UNDERSTOOD,
                                        bench -> bench.clientCircuit()
                                                .send(BEGIN, 7, ascii("192.0.2.1:80\0"))
                                                .answerThenQuiet()),
                                row(
                                        OPEN_SECTION,
                                        "BEGIN_DIR from a client's own link",
                                        Scope.NOTHING,
                                        "CONNECTED(7), then nothing",
                                        bench -> bench.clientCircuit()
                                                .send(BEGIN_DIR, 7, NOTHING)
                                                .answerThenQuiet()),
                                asked("BEGIN without its NUL", NOT_UNDERSTOOD, ascii("192.0.2.1:80")),
                                asked("BEGIN without a byte", NOT_UNDERSTOOD, NOTHING),
                                asked("BEGIN without a port", NOT_UNDERSTOOD, ascii("192.0.2.1\0"))),
                        Stream.of("0", "65536", "", "80x", "-1", "99999999999")
                                .map(port -> asked(
                                        "BEGIN to port '" + port + "'",
                                        NOT_UNDERSTOOD,
                                        ascii("192.0.2.1:" + port + "\0"))))
                .toList();
    }

    /// BEGIN that is refused for where it leads.
    private static List<Row> refused() {
        return List.of(
                asked("BEGIN to a refused port", "END(7) 04c000020100000708, then nothing", ascii("192.0.2.1:8123\0")),
                asked(
                        "BEGIN to a refused port over IPv6",
                        "END(7) 0420010db800000000000000000000000100000708, then nothing",
                        flags("[2001:db8::1]:8123", IPV6_OK)),
                row(
                        OPEN_SECTION,
                        "BEGIN over two hops to a refused port",
                        Scope.NOTHING,
                        "END(7) 04c000020100000708, then nothing",
                        bench -> bench.twoHops()
                                .send(BEGIN, 7, ascii("192.0.2.1:8123\0"))
                                .answerThenQuiet()),
                asked("BEGIN to a name that does not exist", UNRESOLVED, ascii("absent.example:80\0")),
                asked("BEGIN to a name with a character that no name has", UNRESOLVED, ascii("a!b.example:80\0")),
                asked("BEGIN to the name of an address", UNRESOLVED, ascii("1.2.0.192.in-addr.arpa:80\0")),
                asked(
                        "BEGIN without IPv4 to an IPv6 name",
                        "END(7) 0420010db8000000000000000000000001, then nothing",
                        flags("six.example:8123", IPV6_OK | IPV4_NOT_OK),
                        4),
                asked("BEGIN without a word on IPv6 to an IPv6 name", UNRESOLVED, ascii("six.example:80\0")),
                row(
                        OPEN_SECTION,
                        "BEGIN to a relay",
                        Scope.NOTHING,
                        "END(7) 03, then nothing",
                        bench -> bench.exitCircuit()
                                .send(
                                        BEGIN,
                                        7,
                                        to(
                                                bench.around()
                                                        .entry()
                                                        .address()
                                                        .getAddress()
                                                        .getHostAddress(),
                                                bench.around().entry().address().getPort()))
                                .answerThenQuiet()),
                row(CLOSE_SECTION, "BEGIN to nobody's port", Scope.NOTHING, "END(7) 03, then nothing", bench -> {
                            ExitStream stream = ExitStream.at(bench);
                            stream.server().close();
                            return stream.circuit()
                                    .send(BEGIN, 7, stream.begin())
                                    .answerThenQuiet();
                        })
                        .butTor("END(7) 01, then nothing", Scope.NOTHING));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] to(String host, int port) {
        return ascii(host + ":" + port + "\0");
    }

    private static byte[] flags(String target, int flags) {
        return new Writer().ascii(target).u8(0).u32(flags).toBytes();
    }

    /// What a row sends on a circuit.
    @FunctionalInterface
    private interface Sent {
        void on(ClientCircuit circuit) throws IOException;
    }

    private static Row ignored(String name, Sent sent) {
        return row(OPEN_SECTION, name, Scope.NOTHING, "nothing", bench -> {
            ClientCircuit circuit = bench.exitCircuit();
            sent.on(circuit);
            return circuit.quiet();
        });
    }

    private static Row asked(String name, String expected, byte[] body) {
        return asked(name, expected, body, 0);
    }

    /// @param unknownBytes how many bytes at the end of the answer are left out, for they are random
    private static Row asked(String name, String expected, byte[] body, int unknownBytes) {
        return row(OPEN_SECTION, name, Scope.NOTHING, expected, bench -> {
            String[] answer =
                    bench.exitCircuit().send(BEGIN, 7, body).answerThenQuiet().split(", ", 2);
            return answer[0].substring(0, answer[0].length() - 2 * unknownBytes) + ", " + answer[1];
        });
    }
}
