package sallyport.engine.exit;

import io.netty.channel.EventLoop;
import sallyport.engine.world.World;

/// Opens connections to servers, for one instance, on its loop.
public final class ExitDialer {
    final World world;
    final EventLoop loop;

    public ExitDialer(World world, EventLoop loop) {
        this.world = world;
        this.loop = loop;
    }
}
