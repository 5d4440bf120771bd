package sallyport.engine.origin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.flow.DeliverWindow;
import sallyport.engine.world.Entropy;

/// The client's end of one BEGIN_DIR stream: a request out, an answer in (tor-spec "Opening a directory
/// stream"). Runs on: the circuit's loop.
final class DirectoryStream implements OriginCircuit.User {
    /// As the transport over a DirPort allows for a whole exchange.
    static final int LIMIT_SECONDS = 300;
    /// Ours: a descriptor with extra-info has at most 70,000 bytes, and so much leaves without waiting for
    /// a SENDME: the window of a stream is 500 cells.
    static final int REQUEST_BYTES_MAX = 400 * RelayCell.DATA_MAX;

    // tor-spec "Stream-level flow control": one SENDME for 50 cells.
    private static final int STREAM_INCREMENT_CELLS = 50;
    private static final int SENDME_VERSION = 1;
    private static final byte[] NOTHING = {};

    private final int streamId;
    private final byte[] request;
    private final int answerBytesMax;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private final DeliverWindow circuitWindow = new DeliverWindow(DeliverWindow.FIXED_INCREMENT_CELLS);
    private int streamCells;
    private boolean connected;
    private @Nullable CircuitSender circuit;

    DirectoryStream(Entropy entropy, byte[] request, int answerBytesMax) {
        if (request.length > REQUEST_BYTES_MAX) {
            throw new IllegalStateException("a request of " + request.length + " bytes");
        }
        this.streamId = 1 + (int) entropy.jitter(0xffff);
        this.request = request;
        this.answerBytesMax = answerBytesMax;
    }

    CompletableFuture<byte[]> answer() {
        return answer;
    }

    @Override
    public void built(OriginCircuit built) {
        start(built);
    }

    void start(CircuitSender on) {
        circuit = on;
        on.send(RelayCommand.BEGIN_DIR, streamId, NOTHING, 0, 0);
    }

    @Override
    public void message(Cell cell, byte[] tag) throws Malformed {
        CircuitSender on = circuit;
        int command = RelayCell.command(cell);
        if (on == null || command == RelayCommand.SENDME) {
            // What we send stays below every window.
            return;
        }
        if (RelayCell.streamId(cell) != streamId) {
            throw new Malformed("a message to no stream of ours");
        }
        switch (command) {
            case RelayCommand.CONNECTED -> onConnected(on);
            case RelayCommand.DATA -> onData(on, cell, tag);
            case RelayCommand.END -> onEnd(on, cell);
            default -> throw new Malformed("not a message of a directory stream");
        }
    }

    @Override
    public void queueLow() {
        // The request was queued at once.
    }

    @Override
    public void ended() {
        answer.completeExceptionally(new IOException("the circuit to the directory server failed"));
    }

    private void onConnected(CircuitSender on) throws Malformed {
        if (connected) {
            throw new Malformed("connected twice");
        }
        connected = true;
        for (int from = 0; from < request.length; from += RelayCell.DATA_MAX) {
            on.send(RelayCommand.DATA, streamId, request, from, Math.min(RelayCell.DATA_MAX, request.length - from));
        }
    }

    private void onData(CircuitSender on, Cell cell, byte[] tag) throws Malformed {
        int length = RelayCell.length(cell);
        if (!connected || received.size() + length > answerBytesMax) {
            throw new Malformed("more than was asked for");
        }
        received.write(cell.array(), RelayCell.dataOffset(), length);
        if (isSendmeDue()) {
            byte[] body =
                    new Writer().u8(SENDME_VERSION).u16(tag.length).bytes(tag).toBytes();
            on.send(RelayCommand.SENDME, 0, body, 0, body.length);
        }
        if (++streamCells % STREAM_INCREMENT_CELLS == 0) {
            on.send(RelayCommand.SENDME, streamId, NOTHING, 0, 0);
        }
    }

    private boolean isSendmeDue() throws Malformed {
        try {
            return circuitWindow.dataArrived();
        } catch (ProtocolViolation e) {
            throw new Malformed("more than the window allows");
        }
    }

    private void onEnd(CircuitSender on, Cell cell) {
        boolean done = RelayCell.length(cell) > 0 && cell.u8(RelayCell.DATA) == EndReason.DONE.code();
        if (done && connected) {
            answer.complete(received.toByteArray());
        } else {
            answer.completeExceptionally(new IOException("the directory server refused the stream"));
        }
        on.end();
    }
}
