package sallyport.engine.instance;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.link.Links;
import sallyport.engine.world.Tasks;

/// Opening ORPorts from a control task.
final class OrPorts {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private OrPorts() {}

    /// Returns when every address takes links.
    /// @throws IOException naming the first that cannot, and why
    static void listen(Links links, Collection<RelayAddress> addresses, Tasks tasks)
            throws IOException, InterruptedException {
        for (RelayAddress address : addresses) {
            CompletableFuture<Void> bound = new CompletableFuture<>();
            links.listen(address.socket()).addListener(future -> {
                if (future.isSuccess()) {
                    bound.complete(null);
                } else {
                    bound.completeExceptionally(future.cause());
                }
            });
            try {
                tasks.await(bound, LIMIT);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("cannot listen on " + address + ": " + reasonOf(e), e);
            }
        }
    }

    private static String reasonOf(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    }
}
