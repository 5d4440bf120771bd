package sallyport.supervisor.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Lines of UTF-8 over a channel, none longer than the limit. One thread reads, and it alone.
final class ControlLines {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final SocketChannel channel;
    private final int lineBytesMax;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    ControlLines(SocketChannel channel, int lineBytesMax) {
        this.channel = channel;
        this.lineBytesMax = lineBytesMax;
    }

    /// The next line without its end; null at the end of the stream, where half a line counts as none.
    ///
    /// @throws IOException where it is too long, and where the channel fails
    @Nullable
    String read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (in.hasRemaining()) {
                byte next = in.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (line.size() == lineBytesMax) {
                    throw new LineTooLong("a line of more than " + lineBytesMax + " bytes");
                }
                line.write(next);
            }
            in.clear();
            int read = channel.read(in);
            in.flip();
            if (read < 0) {
                return null;
            }
        }
    }

    void write(String line) throws IOException {
        ByteBuffer out = StandardCharsets.UTF_8.encode(line + "\n");
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /// The peer sent a line that is longer than we read.
    static final class LineTooLong extends IOException {
        private static final long serialVersionUID = 1;

        LineTooLong(String message) {
            super(message);
        }
    }
}
