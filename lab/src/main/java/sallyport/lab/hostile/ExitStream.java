package sallyport.lab.hostile;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.RelayCommand;

/// Stream 7 of a circuit of one hop to a server of ours: we see and say whatever passes on either side.
final class ExitStream {
    private static final int ID = 7;
    private static final int BACKLOG = 50;

    private final Bench bench;
    private final ClientCircuit circuit;
    private final ServerSocket server;
    private @Nullable Socket socket;

    private ExitStream(Bench bench, ClientCircuit circuit, int backlog) throws IOException {
        this.bench = bench;
        this.circuit = circuit;
        this.server = bench.server(backlog);
    }

    /// A circuit and a server; nobody has said BEGIN.
    static ExitStream at(Bench bench) throws IOException {
        return new ExitStream(bench, bench.exitCircuit(), BACKLOG);
    }

    /// A circuit and a server that takes no connection and refuses none.
    static ExitStream atDeafServer(Bench bench) throws IOException {
        return atDeafServer(bench, bench.exitCircuit());
    }

    /// The same for a circuit that is there already.
    static ExitStream atDeafServer(Bench bench, ClientCircuit circuit) throws IOException {
        ExitStream stream = new ExitStream(bench, circuit, 1);
        // Linux completes one connection more than the backlog holds and then leaves SYN unanswered.
        for (int i = 0; i < 2; i++) {
            bench.closeLater(new Socket(stream.server.getInetAddress(), stream.server.getLocalPort()));
        }
        return stream;
    }

    /// A stream that stands.
    static ExitStream open(Bench bench) throws IOException {
        return open(bench, bench.exitCircuit());
    }

    /// A stream that stands, on this circuit.
    static ExitStream open(Bench bench, ClientCircuit circuit) throws IOException {
        ExitStream stream = new ExitStream(bench, circuit, BACKLOG);
        circuit.send(RelayCommand.BEGIN, ID, stream.begin());
        stream.accept();
        circuit.awaitMessage(RelayCommand.CONNECTED);
        return stream;
    }

    ClientCircuit circuit() {
        return circuit;
    }

    ServerSocket server() {
        return server;
    }

    /// The body of BEGIN that leads to the server.
    byte[] begin() {
        String target = bench.around().ours().getHostAddress() + ":" + server.getLocalPort() + "\0";
        return target.getBytes(StandardCharsets.US_ASCII);
    }

    /// The server takes the connection.
    void accept() throws IOException {
        Socket accepted = server.accept();
        accepted.setSoTimeout(CellWire.PATIENCE_MILLIS);
        socket = bench.closeLater(accepted);
    }

    /// What the server reads, or `the end`.
    String serverReads(int bytes) throws IOException {
        byte[] read = connected().getInputStream().readNBytes(bytes);
        return read.length == 0 ? "the end" : new String(read, StandardCharsets.US_ASCII);
    }

    void serverWrites(byte[] bytes) throws IOException {
        connected().getOutputStream().write(bytes);
    }

    void serverCloses() throws IOException {
        connected().close();
    }

    void serverResets() throws IOException {
        connected().setSoLinger(true, 0);
        connected().close();
    }

    private Socket connected() {
        if (socket == null) {
            throw new IllegalStateException("nobody connected");
        }
        return socket;
    }
}
