package sallyport.engine.sim;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Where connections are taken.
final class SimListener extends AbstractServerChannel {
    private final SimNetwork network;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private @Nullable InetSocketAddress local;
    private boolean open = true;

    SimListener(SimNetwork network) {
        this.network = network;
    }

    /// Runs on our loop.
    void accept(SimChannel child) {
        pipeline().fireChannelRead(child);
        pipeline().fireChannelReadComplete();
    }

    SimLoop loop() {
        return (SimLoop) eventLoop();
    }

    @Override
    protected void doBind(SocketAddress address) throws BindException {
        InetSocketAddress at = (InetSocketAddress) address;
        network.bind(at, this);
        local = at;
    }

    @Override
    protected void doClose() {
        open = false;
        if (local != null) {
            network.unbind(local);
        }
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
}
