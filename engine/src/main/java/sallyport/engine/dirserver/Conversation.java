package sallyport.engine.dirserver;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.exit.ExitFailure;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.stream.DirClient;

/// One request and its answer. To the stream it is what a server is to any other stream: bytes are
/// written to it, and it is read only as fast as the windows of stream and circuit let go. Runs on the
/// relay's loop.
final class Conversation implements FarEnd {
    // As C tor's TestingDirConnectionMaxStall.
    private static final long STALL_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int OUTPUT_BYTES = DirBody.PIECE_BYTES + 1024;

    private enum Phase {
        READING,
        /// A handler has the request.
        ASKED,
        WRITING,
        OVER
    }

    private final DirServer server;
    private final DirClient client;
    private final Events events;
    private final long openedNanos;
    private Phase phase = Phase.READING;
    private @Nullable RequestReader request;
    private @Nullable DirBody body;
    private @Nullable ByteBuf output;
    private @Nullable ConsensusFetch fetch;
    private long answerBytes;
    private boolean started;
    private boolean closed;
    private int heldBytes;
    private long movedNanos;
    private @Nullable Future<?> stallCheck;

    Conversation(DirServer server, DirClient client, Events events) {
        this.server = server;
        this.client = client;
        this.events = events;
        this.request = new RequestReader(server.routes().bodyBytesMax());
        this.openedNanos = server.nowNanos();
        this.movedNanos = openedNanos;
        account();
    }

    /// Tells the stream that it is connected; at the latest before anything else happens to it.
    void start() {
        if (!started && !closed) {
            started = true;
            stallCheck = server.loop().schedule(this::checkStall, STALL_NANOS, TimeUnit.NANOSECONDS);
            events.onConnected();
        }
    }

    @Override
    public void write(byte[] src, int offset, int length) {
        start();
        RequestReader reader = request;
        if (phase != Phase.READING || reader == null) {
            // One request a stream; C tor leaves the rest unread, too.
            return;
        }
        movedNanos = server.nowNanos();
        server.statistics().bandwidth().directoryRead(length, movedNanos);
        try {
            boolean isWhole = reader.take(src, offset, length);
            account();
            if (isWhole) {
                ask(reader);
            }
        } catch (Malformed e) {
            server.faults().count("directory request beyond the limits");
            endWithoutAnswer();
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    private void ask(RequestReader reader) {
        request = null;
        phase = Phase.ASKED;
        account();
        if (reader.method() == null) {
            server.faults().count("directory request of an unknown method");
            endWithoutAnswer();
            return;
        }
        DirRequest asked = reader.request(!client.isSingleHop());
        if (asked == null) {
            answer(DirAnswer.BAD_REQUEST);
        } else {
            fetch = ConsensusFetch.of(server.statistics().directoryRequests(), asked, client);
            server.routes().handle(asked, this::answerFromAnywhere);
        }
    }

    private void answerFromAnywhere(DirAnswer answer) {
        if (server.loop().inEventLoop()) {
            answer(answer);
            return;
        }
        try {
            server.loop().execute(() -> answer(answer));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the client with it.
            drop(answer);
        }
    }

    private void answer(DirAnswer answer) {
        assert server.loop().inEventLoop();
        if (phase != Phase.ASKED) {
            drop(answer);
            return;
        }
        phase = Phase.WRITING;
        body = answer instanceof DirAnswer.Document document ? document.body() : null;
        ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(OUTPUT_BYTES);
        output = out;
        byte[] head = server.head(answer, client);
        out.writeBytes(head);
        noteWritten(head.length);
        if (fetch != null) {
            fetch.answered(answer, server.nowNanos());
            fetch = body == null ? null : fetch;
        }
        refill();
    }

    private static void drop(DirAnswer unwanted) {
        if (unwanted instanceof DirAnswer.Document document) {
            document.body().close();
        }
    }

    /// Puts the next piece of the body into the output, and says when it was the last.
    private void refill() {
        try {
            ByteBuf out = output;
            int before = out == null ? 0 : out.readableBytes();
            while (body != null && out != null && out.readableBytes() < DirBody.PIECE_BYTES) {
                if (!body.writeTo(out)) {
                    closeBody();
                }
            }
            noteWritten(out == null ? 0 : out.readableBytes() - before);
            account();
        } catch (RuntimeException e) {
            bug(e);
            return;
        }
        boolean isLast = body == null;
        if (isLast && fetch != null) {
            fetch.sent();
        }
        events.onInput();
        if (isLast && phase == Phase.WRITING) {
            phase = Phase.OVER;
            stopChecking();
            events.onEnd();
        }
    }

    @Override
    public int queuedBytes() {
        return 0;
    }

    @Override
    public @Nullable ByteBuf input() {
        ByteBuf out = output;
        return out != null && out.isReadable() ? out : null;
    }

    @Override
    public void inputTaken() {
        movedNanos = server.nowNanos();
        ByteBuf out = output;
        if (out != null && !out.isReadable()) {
            if (body == null) {
                releaseOutput();
                noteDownloaded();
            } else {
                out.clear();
            }
            account();
        }
    }

    @Override
    public void read() {
        if (phase == Phase.WRITING && input() == null) {
            refill();
        }
    }

    @Override
    public @Nullable Long oldestNanos() {
        return heldBytes == 0 ? null : openedNanos;
    }

    @Override
    public void closeAfterFlush() {
        close();
    }

    @Override
    public void close() {
        phase = Phase.OVER;
        closed = true;
        request = null;
        stopChecking();
        closeBody();
        releaseOutput();
        account();
    }

    private void noteWritten(int bytes) {
        answerBytes += bytes;
        server.statistics().bandwidth().directoryWritten(bytes, server.nowNanos());
    }

    private void noteDownloaded() {
        if (fetch != null) {
            fetch.downloaded(answerBytes, server.nowNanos());
            fetch = null;
        }
    }

    private void endWithoutAnswer() {
        if (phase != Phase.OVER) {
            close();
            events.onEnd();
        }
    }

    private void bug(RuntimeException e) {
        server.bugs().note(e);
        if (phase != Phase.OVER) {
            close();
            events.onFailure(ExitFailure.INTERNAL);
        }
    }

    private void checkStall() {
        long quiet = server.nowNanos() - movedNanos;
        if (quiet >= STALL_NANOS) {
            server.faults().count("directory stream that stood still");
            endWithoutAnswer();
        } else {
            stallCheck = server.loop().schedule(this::checkStall, STALL_NANOS - quiet, TimeUnit.NANOSECONDS);
        }
    }

    private void stopChecking() {
        if (stallCheck != null) {
            stallCheck.cancel(false);
            stallCheck = null;
        }
    }

    private void closeBody() {
        if (body != null) {
            DirBody old = body;
            body = null;
            old.close();
        }
    }

    private void releaseOutput() {
        if (output != null) {
            output.release();
            output = null;
        }
    }

    private void account() {
        int now = (request == null ? 0 : request.heldBytes())
                + (output == null ? 0 : output.capacity())
                + (body == null ? 0 : body.heldBytes());
        server.memory().add(MemoryKind.STREAMS, now - heldBytes);
        heldBytes = now;
    }
}
