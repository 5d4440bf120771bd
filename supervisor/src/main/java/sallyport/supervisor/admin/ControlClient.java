package sallyport.supervisor.admin;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The other end of the control socket. Used by one thread.
public final class ControlClient implements AutoCloseable {
    // Ours: 250 relays of two kilobytes each, generously.
    private static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

    // Ours: stopping one relay may take 20 s, and most requests take milliseconds.
    private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

    private final SocketChannel channel;
    private final ControlLines lines;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        this.lines = new ControlLines(channel, ANSWER_BYTES_MAX);
    }

    /// @throws NotRunning where nobody listens
    /// @throws AccessDeniedException where the process is another user's
    /// @throws IOException where the socket cannot be used; the message is for the operator
    public static ControlClient connect(Path dataDirectory) throws IOException {
        Path path = dataDirectory.resolve(ControlSocket.FILE);
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(ControlSocket.address(path));
            return new ControlClient(channel);
        } catch (SocketException e) {
            channel.close();
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                throw new AccessDeniedException(path.toString());
            }
            throw new NotRunning("no sallyport runs over " + dataDirectory + " (" + path + ": " + e.getMessage() + ")");
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// @param more what the verb needs, beside `schema` and `verb`
    public Map<String, @Nullable Object> ask(String verb, Map<String, ? extends @Nullable Object> more)
            throws IOException {
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("schema", Answer.SCHEMA);
        request.put("verb", verb);
        request.putAll(more);
        Thread limit = Thread.ofVirtual().start(this::closeInTime);
        try {
            lines.write(Json.write(request));
            String answer = lines.read();
            if (answer == null) {
                throw new IOException("the running sallyport closed the connection without an answer");
            }
            return Json.read(answer);
        } catch (AsynchronousCloseException e) {
            throw new IOException("the running sallyport gave no answer within " + ANSWER_MAX.toSeconds() + " s", e);
        } finally {
            limit.interrupt();
        }
    }

    private void closeInTime() {
        try {
            Thread.sleep(ANSWER_MAX);
            channel.close();
        } catch (InterruptedException e) {
            // It has answered.
        } catch (IOException e) {
            // Nobody reads any more.
        }
    }

    /// How an answer went.
    public static Answer.Outcome outcome(Map<String, @Nullable Object> answer) {
        return Answer.Outcome.of(answer.get("outcome"));
    }

    /// An answer as it came.
    public static String text(Map<String, @Nullable Object> answer) {
        return Json.write(answer);
    }

    /// An answer of our own where none came.
    public static String failure(String message) {
        return Answer.error(Answer.Outcome.ERROR, message);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// There is no process to ask.
    public static final class NotRunning extends IOException {
        private static final long serialVersionUID = 1;

        NotRunning(String message) {
            super(message);
        }
    }
}
