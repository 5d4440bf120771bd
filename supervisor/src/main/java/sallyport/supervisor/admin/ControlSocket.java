package sallyport.supervisor.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Log;

/// The Unix-domain socket of the running process. Only its own user and root are answered; nobody keeps it busy: lines,
/// connections and their time have limits.
public final class ControlSocket implements AutoCloseable {
    /// Its name in the data directory.
    public static final String FILE = "control.socket";

    // unix(7): sun_path has 108 bytes, one of them for the end.
    static final int PATH_BYTES_MAX = 107;
    // Ours: a request names at most all relays, 250 ids of some twenty characters each.
    static final int REQUEST_BYTES_MAX = 64 * 1024;
    // Ours: a few terminals with `top`, and scripts.
    static final int CONNECTIONS_MAX = 16;
    // Ours: `top` asks every other second, all else at once. Whoever asks nothing for that long has forgotten us.
    static final Duration IDLE_MAX = Duration.ofSeconds(60);
    private static final Duration IDLE_LOOK_INTERVAL = Duration.ofSeconds(5);

    private final Path path;
    private final ServerSocketChannel server;
    private final ControlVerbs verbs;
    private final LongSupplier nanos;
    private final Log log;
    private final Map<SocketChannel, Long> heardNanos = new ConcurrentHashMap<>();
    private final Thread accepting;
    private final Thread watching;

    private ControlSocket(Path path, ServerSocketChannel server, ControlVerbs verbs, LongSupplier nanos, Log log) {
        this.path = path;
        this.server = server;
        this.verbs = verbs;
        this.nanos = nanos;
        this.log = log;
        this.accepting = Thread.ofVirtual().name("control").start(this::acceptAll);
        this.watching = Thread.ofVirtual().name("control idle").start(this::watch);
    }

    /// Listens in the data directory, whose lock the caller holds: a socket that is there is a dead process's.
    ///
    /// @param nanos of a clock that only goes forward
    /// @throws IOException with a message for the operator
    public static ControlSocket open(Path dataDirectory, ControlVerbs verbs, LongSupplier nanos, Log log)
            throws IOException {
        Path path = dataDirectory.resolve(FILE);
        UnixDomainSocketAddress address = address(path);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new IOException(path + " is not a socket; remove it");
            }
            Files.delete(path);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address, CONNECTIONS_MAX);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException(path + " cannot be made: " + e.getMessage(), e);
        }
        return new ControlSocket(path, server, verbs, nanos, log);
    }

    /// @throws IOException where the kernel would not take so long a path
    static UnixDomainSocketAddress address(Path path) throws IOException {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES_MAX) {
            throw new IOException(path + " has " + bytes + " bytes, and the path of a socket has " + PATH_BYTES_MAX
                    + " at most; name a data-directory with a shorter path");
        }
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public void close() {
        accepting.interrupt();
        watching.interrupt();
        closeQuietly(server);
        heardNanos.keySet().forEach(ControlSocket::closeQuietly);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The next start replaces it.
        }
    }

    private void acceptAll() {
        while (true) {
            SocketChannel channel;
            try {
                channel = server.accept();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("", "the control socket takes no more connections: " + e.getMessage());
                return;
            }
            if (heardNanos.size() >= CONNECTIONS_MAX || !isTrusted(channel)) {
                closeQuietly(channel);
                continue;
            }
            heardNanos.put(channel, nanos.getAsLong());
            Thread.ofVirtual().name("control connection").start(() -> serve(channel));
        }
    }

    /// The file's mode says the same, but not between its making and its change of mode.
    private static boolean isTrusted(SocketChannel channel) {
        try {
            UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
            String user = peer.user().getName();
            return user.equals("root") || user.equals(System.getProperty("user.name"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            ControlLines lines = new ControlLines(channel, REQUEST_BYTES_MAX);
            String request = next(lines);
            while (request != null) {
                heardNanos.put(channel, nanos.getAsLong());
                lines.write(verbs.answer(request));
                heardNanos.put(channel, nanos.getAsLong());
                request = next(lines);
            }
        } catch (IOException e) {
            // Whoever asked has gone, or was too slow.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            heardNanos.remove(channel);
        }
    }

    private static @Nullable String next(ControlLines lines) throws IOException {
        try {
            return lines.read();
        } catch (ControlLines.LineTooLong e) {
            lines.write(Answer.error(Answer.Outcome.ERROR, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(IDLE_LOOK_INTERVAL);
                long now = nanos.getAsLong();
                heardNanos.forEach((channel, heard) -> {
                    if (now - heard > IDLE_MAX.toNanos()) {
                        closeQuietly(channel);
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for us all the same.
        }
    }
}
