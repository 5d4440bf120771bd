package sallyport.engine.instance;

import java.util.concurrent.CompletableFuture;
import sallyport.engine.link.Link;
import sallyport.engine.link.ReachabilityListener;

/// Whether others have been seen to reach our ORPort. The loop learns it, control tasks ask.
///
/// C tor's rule: a CREATE answered on an accepted link whose NETINFO named an address that we publish; in a testing
/// network a link from this host counts too.
final class Reachability implements ReachabilityListener {
    private final boolean testing;
    private final CompletableFuture<Void> shown = new CompletableFuture<>();

    Reachability(boolean testing) {
        this.testing = testing;
    }

    @Override
    public void onCreateAnswered(Link link) {
        if (!link.isDialed() && link.peerNamedOurAddress() && (testing || !link.isLocal())) {
            shown.complete(null);
        }
    }

    /// Runs `told` once it is shown, on the loop that learned it; at once where it is shown already.
    void whenShown(Runnable told) {
        shown.thenRun(told);
    }

    boolean isShown() {
        return shown.isDone();
    }
}
