package sallyport.engine.exit;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.Ip;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryRelief;
import sallyport.engine.limits.RelayBandwidth;
import sallyport.engine.limits.Shedding;
import sallyport.engine.world.SocketErrno;
import sallyport.engine.world.World;

/// Opens connections to servers, for one instance, on its loop; sends what they gathered once a turn.
public final class ExitDialer {
    static final String OWN_BUG = "our own bug in an exit connection";

    private final World world;
    private final EventLoop loop;
    private final OwnBugs bugs;
    private final RelayStatistics statistics;
    private final FaultCounters faults;
    private final InstanceLimits limits;
    private final Runnable flush = this::flush;
    /// Connections whose stream has ended and whose last bytes the server has yet to take.
    private final Set<ExitConnection> lingering = new LinkedHashSet<>();
    private List<ExitConnection> unflushed = new ArrayList<>();
    private List<ExitConnection> flushing = new ArrayList<>();
    private int open;
    private int openIpv6;
    private boolean dialing;

    /// @param relay our id, for the log
    /// @param statistics counts bytes, and streams per port
    /// @param limits what connections may hold, and how fast they may be
    public ExitDialer(
            World world,
            EventLoop loop,
            String relay,
            FaultCounters faults,
            RelayStatistics statistics,
            InstanceLimits limits) {
        this.world = world;
        this.loop = loop;
        this.bugs = new OwnBugs(world, relay, faults, OWN_BUG, "its stream ends, the others go on");
        this.statistics = statistics;
        this.faults = faults;
        this.limits = limits;
        limits.memory().relief().from(this::offerLingering);
    }

    /// Connects to `ip` (4 or 16 bytes) from the source address the settings name for its family; the
    /// result comes through `events`, never before this method has returned. Where no FD is left it is a
    /// failure too.
    public FarEnd dial(byte[] ip, int port, ExitSettings settings, FarEnd.Events events) {
        assert loop.inEventLoop();
        ExitConnection connection = new ExitConnection(this, loop, events, ip, port);
        if (!limits.fds().tryAcquire()) {
            loop.execute(connection::refused);
            return connection;
        }
        open++;
        openIpv6 += ip.length == Ip.IPV6_BYTES ? 1 : 0;
        faults.tallies().count(ip.length == Ip.IPV6_BYTES ? Tally.EXIT_DIALED_IPV6 : Tally.EXIT_DIALED_IPV4);
        connection.counted = true;
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

    /// Those of them over IPv6.
    public int openIpv6() {
        return openIpv6;
    }

    void closed(ExitConnection connection) {
        if (connection.counted) {
            connection.counted = false;
            open--;
            openIpv6 -= connection.isIpv6() ? 1 : 0;
            limits.fds().release();
        }
    }

    void lingers(ExitConnection connection) {
        lingering.add(connection);
    }

    void lingersNoMore(ExitConnection connection) {
        lingering.remove(connection);
    }

    RelayStatistics statistics() {
        return statistics;
    }

    MemoryAccount memory() {
        return limits.memory();
    }

    RelayBandwidth bandwidth() {
        return limits.bandwidth();
    }

    Ticker ticker() {
        return world.ticker();
    }

    private void offerLingering(MemoryRelief.Offers offers) {
        for (ExitConnection connection : lingering) {
            Long oldest = connection.oldestNanos();
            if (oldest != null) {
                offers.offer(Shedding.STREAMS, oldest, connection::close);
            }
        }
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

    /// A socket that could not even be created reports from another thread, and what is found out at once
    /// from within [#dial].
    private void connectDone(ExitConnection connection, @Nullable Throwable failure) {
        if (loop.inEventLoop() && !dialing) {
            settle(connection, failure);
        } else {
            loop.execute(() -> settle(connection, failure));
        }
    }

    private void settle(ExitConnection connection, @Nullable Throwable failure) {
        if (SocketErrno.isPortMissing(failure)) {
            limits.overload().general();
            faults.tallies().count(Tally.PORT_MISSING);
        }
        try {
            connection.connectDone(failure);
        } catch (RuntimeException e) {
            bug(connection, e);
        }
    }
}
