package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.lab.hostile.Row.row;

import java.nio.charset.StandardCharsets;
import java.util.List;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of BEGIN, and of messages that belong to no stream (tor-spec sections 6.2 and 6.3).
final class StreamRows {
    private StreamRows() {}

    static List<Row> all() {
        return List.of(
                row(
                        "tor-spec 6.2",
                        "BEGIN from a client's own link",
                        Scope.NOTHING,
                        "END(7) 0d, then nothing",
                        bench -> bench.clientCircuit()
                                .send(BEGIN, 7, ascii("192.0.2.1:80\0"))
                                .answerThenQuiet()),
                row(
                        "tor-spec 6.2",
                        "BEGIN without its NUL",
                        Scope.NOTHING,
                        "END(7) 0d, then nothing",
                        bench -> bench.exitCircuit()
                                .send(BEGIN, 7, ascii("192.0.2.1:80"))
                                .answerThenQuiet()),
                row(
                        "tor-spec 6.2",
                        "BEGIN over two hops to a refused port",
                        Scope.NOTHING,
                        "END(7) 04c000020100000708, then nothing",
                        bench -> bench.twoHops()
                                .send(BEGIN, 7, ascii("192.0.2.1:8123\0"))
                                .answerThenQuiet()));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
