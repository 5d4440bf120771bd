package sallyport.engine.exit;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.address.Ip;
import sallyport.engine.world.World;

/// Opens connections to servers, for one instance, on its loop; sends what they gathered once a turn.
public final class ExitDialer {
    static final String OWN_BUG = "our own bug in an exit connection";

    private final World world;
    private final EventLoop loop;
    private final OwnBugs bugs;
    private final Runnable flush = this::flush;
    private List<ExitConnection> unflushed = new ArrayList<>();
    private List<ExitConnection> flushing = new ArrayList<>();
    private int open;
    private boolean dialing;

    /// @param relay our id, for the log
    public ExitDialer(World world, EventLoop loop, String relay, FaultCounters faults) {
        this.world = world;
        this.loop = loop;
        this.bugs = new OwnBugs(world, relay, faults, OWN_BUG, "its stream ends, the others go on");
    }

    /// Connects to `ip` (4 or 16 bytes) from the source address the settings name for its family; the result comes
    /// through `events`, never before this method has returned.
    public FarEnd dial(byte[] ip, int port, ExitSettings settings, FarEnd.Events events) {
        assert loop.inEventLoop();
        ExitConnection connection = new ExitConnection(this, loop, events);
        open++;
        dialing = true;
        InetAddress server = Ip.inet(ip);
        world.network()
                .connect(
                        loop,
                        new InetSocketAddress(server, port),
                        settings.source().toward(server),
                        settings.connectTimeoutMillis(),
                        connection)
                .addListener(future -> connectDone(connection, future.cause()));
        dialing = false;
        return connection;
    }

    /// Connections that hold or wait for a socket.
    public int open() {
        return open;
    }

    void closed() {
        open--;
    }

    /// The connection has bytes to send when the turn ends. It asks once a turn.
    void flushLater(ExitConnection connection) {
        if (unflushed.isEmpty()) {
            world.loops().afterTurn(loop, flush);
        }
        unflushed.add(connection);
    }

    private void flush() {
        List<ExitConnection> now = unflushed;
        unflushed = flushing;
        flushing = now;
        for (ExitConnection connection : now) {
            try {
                connection.flush();
            } catch (RuntimeException e) {
                bug(connection, e);
            }
        }
        now.clear();
    }

    /// Something of ours failed while it worked for this connection, which ends; nobody else's does.
    void bug(ExitConnection connection, Throwable bug) {
        bugs.note(bug);
        try {
            connection.abort();
        } catch (RuntimeException e) {
            bugs.note(e);
        }
    }

    /// A socket that could not even be created reports from another thread, and what is found out at once from within
    /// [#dial].
    private void connectDone(ExitConnection connection, @Nullable Throwable failure) {
        if (loop.inEventLoop() && !dialing) {
            settle(connection, failure);
        } else {
            loop.execute(() -> settle(connection, failure));
        }
    }

    private void settle(ExitConnection connection, @Nullable Throwable failure) {
        try {
            connection.connectDone(failure);
        } catch (RuntimeException e) {
            bug(connection, e);
        }
    }
}
