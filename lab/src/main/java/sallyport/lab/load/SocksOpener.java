package sallyport.lab.load;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/// Streams through the SOCKS port of a client, whose user names keep users apart.
///
/// @param loop of the load
/// @param proxy the SOCKS port
public record SocksOpener(EventLoop loop, InetSocketAddress proxy) implements StreamOpener {
    @Override
    public void open(String isolation, InetSocketAddress server, Receiver receiver) {
        NioStream.open(loop, proxy, receiver, SocksRequest.connect(isolation, server));
    }

    @Override
    public void resolve(String isolation, String name, Receiver receiver) {
        NioStream.open(loop, proxy, receiver, SocksRequest.resolve(isolation, name));
    }
}
