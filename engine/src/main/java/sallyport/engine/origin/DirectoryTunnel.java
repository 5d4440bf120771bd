package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import sallyport.engine.link.Links;
import sallyport.engine.world.World;

/// A way to a directory server without its DirPort: one stream (BEGIN_DIR) on a circuit of one hop, over a
/// link of ours to its ORPort, as C tor goes. A circuit for each request.
public final class DirectoryTunnel {
    private final World world;
    private final EventLoop loop;
    private final Links links;

    /// @param links those of the instance that asks; `loop` is theirs
    public DirectoryTunnel(World world, EventLoop loop, Links links) {
        this.world = world;
        this.loop = loop;
        this.links = links;
    }

    /// Sends a request and collects what comes back until the server ends the stream. From any thread; a
    /// failure is an [java.io.IOException].
    /// @param request at most [DirectoryStream#REQUEST_BYTES_MAX]
    /// @param answerBytesMax beyond that the answer counts as failed
    public CompletableFuture<byte[]> exchange(Hop server, byte[] request, int answerBytesMax) {
        DirectoryStream stream = new DirectoryStream(world.entropy(), request, answerBytesMax);
        loop.execute(() ->
                OriginCircuit.open(world, loop, links::dial, List.of(server), DirectoryStream.LIMIT_SECONDS, stream));
        return stream.answer();
    }
}
