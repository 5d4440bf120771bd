package sallyport.engine.dirserver;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.stream.DirClient;
import sallyport.engine.stream.DirRequestHandler;
import sallyport.engine.world.World;

/// The directory server inside one relay: a conversation for each BEGIN_DIR stream. Lives on the relay's
/// loop.
public final class DirServer implements DirRequestHandler {
    // As C tor's EnforceDistinctSubnets: who shares so many bytes with us is a neighbour.
    private static final int NEAR_BYTES_IPV4 = 3;
    private static final int NEAR_BYTES_IPV6 = 6;

    private final World world;
    private final EventLoop loop;
    private final FaultCounters faults;
    private final RelayStatistics statistics;
    private final OwnBugs bugs;
    private final MemoryAccount memory;
    private final Supplier<List<RelayAddress>> ourAddresses;
    private final DirRoutes routes;

    /// @param relay our id, for the log
    /// @param statistics counts bytes, and who fetches consensuses
    /// @param memory counts what conversations hold
    /// @param ourAddresses as the descriptor names them
    public DirServer(
            World world,
            EventLoop loop,
            String relay,
            FaultCounters faults,
            RelayStatistics statistics,
            MemoryAccount memory,
            Supplier<List<RelayAddress>> ourAddresses,
            DirRoutes routes) {
        this.world = world;
        this.loop = loop;
        this.faults = faults;
        this.statistics = statistics;
        this.bugs = new OwnBugs(world, relay, faults, "our own bug in a directory answer", "its stream ends");
        this.memory = memory;
        this.ourAddresses = ourAddresses;
        this.routes = routes;
    }

    @Override
    public FarEnd open(DirClient client, FarEnd.Events events) {
        assert loop.inEventLoop();
        Conversation conversation = new Conversation(this, client, events);
        loop.execute(conversation::start);
        return conversation;
    }

    World world() {
        return world;
    }

    EventLoop loop() {
        return loop;
    }

    FaultCounters faults() {
        return faults;
    }

    RelayStatistics statistics() {
        return statistics;
    }

    OwnBugs bugs() {
        return bugs;
    }

    MemoryAccount memory() {
        return memory;
    }

    DirRoutes routes() {
        return routes;
    }

    long nowNanos() {
        return world.ticker().nanoTime();
    }

    byte[] head(DirAnswer answer, DirClient client) {
        Instant now = world.clock().instant();
        return AnswerHead.of(answer, now, told(client.address().ipForWire()));
    }

    /// As C tor, a neighbour is not told its address: with a forwarded port it would be told the
    /// forwarder's.
    private byte @Nullable [] told(byte[] ip) {
        if (Ip.isInternal(ip)) {
            return null;
        }
        for (RelayAddress ours : ourAddresses.get()) {
            byte[] own = ours.ip();
            int bytes = ip.length == 4 ? NEAR_BYTES_IPV4 : NEAR_BYTES_IPV6;
            if (own.length == ip.length && Arrays.equals(own, 0, bytes, ip, 0, bytes)) {
                return null;
            }
        }
        return ip;
    }
}
