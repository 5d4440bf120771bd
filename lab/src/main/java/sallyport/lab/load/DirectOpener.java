package sallyport.lab.load;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/// Streams straight to the server, without any network between: the floor beneath all that is measured
/// otherwise.
///
/// @param loop of the load
record DirectOpener(EventLoop loop) implements StreamOpener {
    @Override
    public void open(String isolation, InetSocketAddress server, Receiver receiver) {
        NioStream.open(loop, server, receiver);
    }

    @Override
    public void resolve(String isolation, String name, Receiver receiver) {
        loop.execute(() -> receiver.ended("nobody resolves"));
    }
}
