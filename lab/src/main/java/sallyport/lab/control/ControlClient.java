package sallyport.lab.control;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection to a C tor's control port: commands one at a time, events as they come.
///
/// Safe for use by several threads. Listeners run on the reading thread: they may send commands only from another one.
public final class ControlClient implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    // Ours: C tor answers in milliseconds; a machine that is short of processors takes longer.
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);
    private static final int EVENT_STATUS = 650;
    private static final ControlReply LOST = new ControlReply(599, List.of("the control connection was lost"));

    private final Socket socket;
    private final OutputStream out;
    private final BlockingQueue<ControlReply> replies = new LinkedBlockingQueue<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean lost;

    private ControlClient(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual().name("tor-control").start(() -> readAll(in));
    }

    /// Connects and authenticates with the cookie that C tor wrote.
    public static ControlClient connect(InetSocketAddress port, Path cookieFile)
            throws IOException, InterruptedException {
        Socket socket = new Socket();
        try {
            socket.connect(port, CONNECT_TIMEOUT_MILLIS);
            ControlClient client = new ControlClient(socket);
            client.order("AUTHENTICATE " + HexFormat.of().formatHex(Files.readAllBytes(cookieFile)));
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Sends one command and returns whatever is answered.
    public synchronized ControlReply ask(String command) throws IOException, InterruptedException {
        if (lost) {
            throw new EOFException(LOST.first());
        }
        out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        ControlReply reply = replies.poll(REPLY_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        if (reply == null) {
            close();
            throw new IOException("no answer to " + verb(command) + " within " + REPLY_TIMEOUT.toSeconds() + " s");
        }
        return reply;
    }

    /// Sends one command that must be obeyed.
    ///
    /// @throws IOException with C tor's words when it refuses
    public ControlReply order(String command) throws IOException, InterruptedException {
        ControlReply reply = ask(command);
        if (!reply.isGood()) {
            throw new IOException(verb(command) + ": " + reply.status() + " " + reply.text());
        }
        return reply;
    }

    /// GETINFO for one key: its value, without the key.
    public String info(String key) throws IOException, InterruptedException {
        return value(key, order("GETINFO " + key));
    }

    /// GETINFO for one key that may be unknown, such as a relay not in the consensus.
    public @Nullable String infoIfKnown(String key) throws IOException, InterruptedException {
        ControlReply reply = ask("GETINFO " + key);
        return reply.isGood() ? value(key, reply) : null;
    }

    /// SETCONF, one `Option=value` each; the caller quotes.
    public void setConf(String... assignments) throws IOException, InterruptedException {
        order("SETCONF " + String.join(" ", assignments));
    }

    /// SIGNAL, for example `NEWNYM`, `RELOAD`, `CLEARDNSCACHE`.
    public void signal(String name) throws IOException, InterruptedException {
        order("SIGNAL " + name);
    }

    /// Begins a new circuit along these relays and returns its id; its CIRC events tell how it fares.
    ///
    /// @param path fingerprints, 40 hex digits each, first hop first
    public String extendCircuit(List<String> path) throws IOException, InterruptedException {
        String names = String.join(",", path.stream().map(hex -> "$" + hex).toList());
        return word(order("EXTENDCIRCUIT 0 " + names + " purpose=general").first(), 1);
    }

    /// Attaches a waiting stream to a circuit; id 0 lets C tor choose.
    public void attachStream(String stream, String circuit) throws IOException, InterruptedException {
        order("ATTACHSTREAM " + stream + " " + circuit);
    }

    /// Closes a circuit, if it is still there.
    public void closeCircuit(String circuit) throws IOException, InterruptedException {
        ask("CLOSECIRCUIT " + circuit);
    }

    /// Closes a stream, if it is still there, with an END reason of tor-spec.
    public void closeStream(String stream, int reason) throws IOException, InterruptedException {
        ask("CLOSESTREAM " + stream + " " + reason);
    }

    /// Asks for these events, and only these.
    public void setEvents(String... names) throws IOException, InterruptedException {
        order("SETEVENTS " + String.join(" ", names));
    }

    /// Adds a listener for event lines, for example `CIRC 5 BUILT …`.
    public void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        lost = true;
        try {
            socket.close();
        } catch (IOException nothingToLose) {
            return;
        }
    }

    // control-spec "General-use CRLF-terminated replies": MidReplyLine "-", DataReplyLine "+", EndReplyLine " ".
    private void readAll(BufferedReader in) {
        try {
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.length() < 4) {
                    throw new IOException("a short control line");
                }
                lines.add(line.substring(4));
                if (line.charAt(3) == '+') {
                    readData(in, lines);
                }
                if (line.charAt(3) == ' ') {
                    deliver(Integer.parseInt(line.substring(0, 3)), lines);
                    lines = new ArrayList<>();
                }
            }
        } catch (IOException | NumberFormatException ended) {
            lost = true;
        } finally {
            lost = true;
            replies.add(LOST);
        }
    }

    private static void readData(BufferedReader in, List<String> lines) throws IOException {
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            lines.add(line.startsWith(".") ? line.substring(1) : line);
        }
    }

    private void deliver(int status, List<String> lines) {
        if (status != EVENT_STATUS) {
            replies.add(new ControlReply(status, List.copyOf(lines)));
            return;
        }
        for (Consumer<String> listener : listeners) {
            listener.accept(lines.getFirst());
        }
    }

    // "250-key=value" and "250 OK", or "250+key=", the value's lines and "250 OK".
    private static String value(String key, ControlReply reply) {
        List<String> lines = reply.lines();
        String first = lines.getFirst().substring(key.length() + 1);
        if (!first.isEmpty()) {
            return first;
        }
        return String.join("\n", lines.subList(1, Math.max(1, lines.size() - 1)));
    }

    private static String verb(String command) {
        return word(command, 0);
    }

    static String word(String line, int index) {
        String[] words = line.split(" ", index + 2);
        return index < words.length ? words[index] : "";
    }
}
