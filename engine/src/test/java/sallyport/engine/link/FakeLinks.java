package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.World;

/// Real links, past their handshake, on channels without TLS: what circuits see is what they see in
/// production.
public final class FakeLinks {
    private final Links links;
    private final CellPool pool;
    private final Supplier<CreateHandler> creates;

    /// @param creates asked at the first CREATE: links and circuits need each other
    @SuppressWarnings("NullAway") // no link of these ever asks for TLS
    public FakeLinks(
            World world,
            EventLoop loop,
            CellPool pool,
            RelayIdentity identity,
            Supplier<NetworkParameters> parameters,
            FaultCounters faults,
            RelayStatistics statistics,
            InstanceLimits limits,
            Supplier<CreateHandler> creates) {
        this.pool = pool;
        this.creates = creates;
        LinkSettings settings = new LinkSettings(
                "test",
                identity,
                () -> {
                    throw new IllegalStateException("no TLS here");
                },
                List.of(),
                SourceAddresses.NONE,
                () -> RelayIndex.EMPTY,
                parameters,
                faults,
                statistics,
                limits,
                _ -> {});
        links = new Links(settings, world, loop, pool, new Creates(), null);
    }

    public Links links() {
        return links;
    }

    private final class Creates implements CreateHandler {
        @Override
        public void onCreate(Link link, Cell cell) {
            creates.get().onCreate(link, cell);
        }

        @Override
        public void giveBack(int count) {
            creates.get().giveBack(count);
        }
    }

    /// What is done every few seconds.
    public void lookAround() {
        new Housekeeping(links).pass(links.turnNanos());
    }

    /// An open link of version 5. @param identity null: a client
    public Peer open(boolean dialed, @Nullable PeerIdentity identity) {
        return open(dialed, identity, new ClientAddress(InetAddress.getLoopbackAddress()));
    }

    /// An accepted link whose handshake goes on.
    public Peer unfinished(ClientAddress address) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Link link = new Link(links, channel, false, address);
        links.all().add(link);
        link.onHandshakeBegun();
        return new Peer(link, channel);
    }

    /// An open link with somebody at that address.
    public Peer open(boolean dialed, @Nullable PeerIdentity identity, ClientAddress address) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Link link = new Link(links, channel, dialed, address);
        links.all().add(link);
        link.watched(!dialed && links.clients().connected(address));
        link.onOpen(new LinkPeer(5, identity, null, true, true));
        return new Peer(link, channel);
    }

    /// Who sits at the other end of a link.
    public final class Peer {
        private final Link link;
        private final EmbeddedChannel channel;

        private Peer(Link link, EmbeddedChannel channel) {
            this.link = link;
            this.channel = channel;
        }

        public Link link() {
            return link;
        }

        /// Brings a cell of this peer.
        ///
        /// @param body up to 509 bytes, the rest becomes zero
        public void deliver(int circuitId, int command, byte[] body) {
            Cell cell = pool.acquire();
            cell.circuitId(circuitId);
            cell.command(command);
            cell.putBytes(0, body, 0, body.length);
            cell.zeroFrom(body.length);
            link.receive(cell);
        }

        /// Takes the cells that have left toward this peer, 514 bytes each.
        public List<byte[]> take() {
            channel.runPendingTasks();
            List<byte[]> cells = new ArrayList<>();
            for (ByteBuf record = channel.readOutbound(); record != null; record = channel.readOutbound()) {
                while (record.isReadable()) {
                    byte[] cell = new byte[Cell.LENGTH];
                    record.readBytes(cell);
                    cells.add(cell);
                }
                record.release();
            }
            return cells;
        }

        /// Whether the socket takes what is written.
        public void readable(boolean reads) {
            channel.unsafe().outboundBuffer().setUserDefinedWritability(1, reads);
            if (reads) {
                link.onWritable();
            }
        }

        /// Whether silence on this link will be broken with PADDING.
        public boolean isPadded() {
            return link.padding().isArmed();
        }

        public void close() {
            link.close();
        }
    }
}
