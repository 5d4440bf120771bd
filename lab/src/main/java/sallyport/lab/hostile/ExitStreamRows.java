package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.engine.cell.RelayCommand.BEGIN_DIR;
import static sallyport.engine.cell.RelayCommand.CONNECTED;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.END;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.engine.cell.RelayCommand.RESOLVED;
import static sallyport.engine.cell.RelayCommand.XOFF;
import static sallyport.engine.cell.RelayCommand.XON;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.List;
import sallyport.engine.bytes.Hex;
import sallyport.lab.hostile.Row.Scope;

/// What an exit makes of messages of a stream that stands, and of its server (tor-spec sections 6.2 and 6.3).
final class ExitStreamRows {
    private static final String OPEN_SECTION = "tor-spec 6.2";
    private static final String BROKEN = "DESTROY 1";
    private static final byte[] NOTHING = {};

    private ExitStreamRows() {}

    static List<Row> all() {
        return List.of(
                row(
                        OPEN_SECTION,
                        "BEGIN as it should be",
                        Scope.NOTHING,
                        "CONNECTED(7) the server's address 00000708, then nothing",
                        bench -> {
                            ExitStream stream = ExitStream.at(bench);
                            String address = Hex.lower(bench.around().ours().getAddress());
                            return stream.circuit()
                                    .send(BEGIN, 7, stream.begin())
                                    .answerThenQuiet()
                                    .replace(address, "the server's address ");
                        }),
                onStream(
                        "BEGIN of a stream in use",
                        Scope.NOTHING,
                        "nothing",
                        stream ->
                                stream.circuit().send(BEGIN, 7, stream.begin()).quiet()),
                onStream(
                        "BEGIN_DIR of a stream in use",
                        Scope.NOTHING,
                        "nothing",
                        stream -> stream.circuit().send(BEGIN_DIR, 7, NOTHING).quiet()),
                onStream(
                        "RESOLVE of a stream in use",
                        Scope.NOTHING,
                        "nothing",
                        stream -> stream.circuit()
                                .send(RESOLVE, 7, StreamRows.ascii("192.0.2.1\0"))
                                .quiet()),
                onStream(
                        "CONNECTED of an exit's stream",
                        Scope.CIRCUIT,
                        BROKEN,
                        stream -> stream.circuit().send(CONNECTED, 7, NOTHING).quiet()),
                onStream(
                        "RESOLVED of an exit's stream",
                        Scope.CIRCUIT,
                        BROKEN,
                        stream -> stream.circuit()
                                .send(RESOLVED, 7, new byte[] {4, 4, 1, 2, 3, 4, 0, 0, 0, 60})
                                .quiet()),
                onStream(
                        "END without a reason",
                        Scope.CIRCUIT,
                        BROKEN,
                        stream -> stream.circuit().send(END, 7, NOTHING).quiet()),
                onStream(
                        "DATA without data",
                        Scope.NOTHING,
                        "nothing",
                        stream -> stream.circuit().send(DATA, 7, NOTHING).quiet()),
                onStream(
                        "XOFF and XON without congestion control",
                        Scope.NOTHING,
                        "nothing",
                        stream -> stream.circuit()
                                .send(XOFF, 7, new byte[1])
                                .send(XON, 7, new byte[5])
                                .quiet()),
                onStream("DATA to the server", Scope.NOTHING, "hello, then nothing", stream -> {
                    stream.circuit().send(DATA, 7, StreamRows.ascii("hello"));
                    return stream.serverReads(5) + ", then " + stream.circuit().quiet();
                }),
                row(OPEN_SECTION, "DATA before CONNECTED", Scope.NOTHING, "early", bench -> {
                    ExitStream stream = ExitStream.at(bench);
                    stream.circuit().send(BEGIN, 7, stream.begin()).send(DATA, 7, StreamRows.ascii("early"));
                    stream.accept();
                    stream.circuit().awaitMessage(CONNECTED);
                    return stream.serverReads(5);
                }),
                onStream("END, and DATA behind it", Scope.NOTHING, "last, the end, nothing", stream -> {
                    stream.circuit()
                            .send(DATA, 7, StreamRows.ascii("last"))
                            .send(END, 7, new byte[] {6})
                            .send(DATA, 7, StreamRows.ascii("lost"));
                    return stream.serverReads(4) + ", " + stream.serverReads(1) + ", "
                            + stream.circuit().quiet();
                }),
                onStream("bytes from the server", Scope.NOTHING, "DATA(7) 6869, then nothing", stream -> {
                    stream.serverWrites(StreamRows.ascii("hi"));
                    return stream.circuit().answerThenQuiet();
                }),
                onStream("the end of what the server says", Scope.NOTHING, "END(7) 06, then nothing", stream -> {
                    stream.serverCloses();
                    return stream.circuit().answerThenQuiet();
                }),
                onStream("a reset by the server", Scope.NOTHING, "END(7) 0c, then nothing", stream -> {
                    stream.serverResets();
                    return stream.circuit().answerThenQuiet();
                }),
                onStream(
                        "a second stream beside",
                        Scope.NOTHING,
                        "CONNECTED(8)",
                        stream -> stream.circuit()
                                .send(BEGIN, 8, stream.begin())
                                .answer()
                                .substring(0, 12)));
    }

    /// What a row does with a stream.
    @FunctionalInterface
    private interface Played {
        String on(ExitStream stream) throws IOException;
    }

    private static Row onStream(String name, Scope closes, String expected, Played played) {
        return row(OPEN_SECTION, name, closes, expected, bench -> played.on(ExitStream.open(bench)));
    }
}
