package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Writes lines from a thread of its own, so that an event loop never waits for whoever reads stderr. A reader
/// that is too slow loses lines, and is told how many.
final class BackgroundWriter extends OutputStream {
    // Ours: a start of 250 relays writes some thousand lines at once.
    private static final int QUEUE_LINES = 8_192;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final byte[] END = {};

    private final OutputStream out;
    private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(QUEUE_LINES);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;

    BackgroundWriter(OutputStream out) {
        this.out = out;
        this.thread = Thread.ofPlatform().daemon().name("log").start(this::run);
    }

    @Override
    public void write(byte[] line) {
        if (!lines.offer(line)) {
            lost.incrementAndGet();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        write(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b});
    }

    /// Waits a moment until all lines are out.
    @Override
    public void close() {
        try {
            if (lines.offer(END, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.join(CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the end is this very array
    private void run() {
        try {
            for (byte[] line = lines.take(); line != END; line = lines.take()) {
                writeOut(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOut(byte[] line) {
        try {
            out.write(line);
            long missing = lost.getAndSet(0);
            if (missing > 0) {
                out.write((missing + " lines of the log were lost here: stderr is read too slowly\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
        } catch (IOException e) {
            // Nobody reads stderr any more. There is no other place to say so, and relays go on without a log.
        }
    }
}
