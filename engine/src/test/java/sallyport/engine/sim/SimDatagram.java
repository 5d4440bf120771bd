package sallyport.engine.sim;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.ClosedWorld;

/// A UDP socket; what it sends goes to name servers.
final class SimDatagram extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);

    private final SimNetwork network;
    private final SimChannelConfig config;
    private @Nullable InetSocketAddress local;
    private boolean open = true;

    SimDatagram(SimNetwork network, int number) {
        super(null, new SimChannelId(number));
        this.network = network;
        this.config = new SimChannelConfig(this, network.allocator());
    }

    SimLoop loop() {
        return (SimLoop) eventLoop();
    }

    /// Runs on our loop.
    void arrive(InetSocketAddress from, byte[] bytes) {
        if (isActive()) {
            pipeline()
                    .fireChannelRead(
                            new DatagramPacket(alloc().buffer(bytes.length).writeBytes(bytes), local, from));
            pipeline().fireChannelReadComplete();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        for (Object message = in.current(); message != null; message = in.current()) {
            network.datagram(this, (DatagramPacket) message);
            in.remove();
        }
    }

    @Override
    protected void doBind(SocketAddress address) {
        local = network.bindSource((InetSocketAddress) address);
        network.opened(this);
    }

    @Override
    protected void doClose() {
        open = false;
        network.closed(this);
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBeginRead() {}

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimLoop;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && local != null;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
                throw ClosedWorld.shut("connected datagrams");
            }
        };
    }
}
