package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.descriptor.OwnKeysProbe;
import sallyport.engine.link.Links;
import sallyport.engine.world.World;

/// Asks over a relay's own links. Control tasks only.
final class OwnKeysElsewhere implements OwnKeysProbe {
    // Ours: whoever is there answers within a second or two; the relay is not published meanwhile.
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final World world;
    private final EventLoop loop;
    private final Links links;

    OwnKeysElsewhere(World world, EventLoop loop, Links links) {
        this.world = world;
        this.loop = loop;
        this.links = links;
    }

    @Override
    public boolean answersAt(RelayAddress place) throws InterruptedException {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        loop.execute(() -> links.findOurselves(place, answer::complete));
        try {
            return world.tasks().await(answer, LIMIT);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer that failed", e);
        }
    }
}
