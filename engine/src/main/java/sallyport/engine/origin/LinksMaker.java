package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import sallyport.engine.cell.CellPool;
import sallyport.engine.link.CreateHandler;
import sallyport.engine.link.LinkSettings;
import sallyport.engine.link.Links;
import sallyport.engine.world.World;

/// How the links of one relay come to be, or those of a client.
@FunctionalInterface
public interface LinksMaker {
    /// As the specification has them; a simulation leaves the encryption out.
    LinksMaker OVER_TLS = Links::new;

    Links make(LinkSettings settings, World world, EventLoop loop, CellPool pool, CreateHandler creates);
}
