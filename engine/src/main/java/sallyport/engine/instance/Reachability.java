package sallyport.engine.instance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import sallyport.engine.link.Link;
import sallyport.engine.link.ReachabilityListener;

/// Whether others have been seen to reach our ORPort. The loop learns it, control tasks ask.
///
/// C tor's rule: a CREATE answered on an accepted link whose NETINFO named an address that we publish; in
/// a testing network a link from this host counts too.
final class Reachability implements ReachabilityListener {
    private final boolean testing;
    private final List<Runnable> told = new CopyOnWriteArrayList<>();
    private volatile boolean shown;
    private volatile boolean assumed;

    Reachability(boolean testing) {
        this.testing = testing;
    }

    @Override
    public void onCreateAnswered(Link link) {
        if (!isShown() && !link.isDialed() && link.peerNamedOurAddress() && (testing || !link.isLocal())) {
            shown = true;
            told.forEach(Runnable::run);
        }
    }

    /// Runs `listener` each time it is shown, on the loop that learned it; at once where it is shown
    /// already.
    void whenShown(Runnable listener) {
        told.add(listener);
        if (isShown()) {
            listener.run();
        }
    }

    /// We have moved: what was shown is about another address.
    void forget() {
        shown = false;
    }

    /// Whether to do without proof, as the operator wants it; listeners hear of it.
    void assume(boolean reachable) {
        assumed = reachable;
        if (reachable) {
            told.forEach(Runnable::run);
        }
    }

    boolean isShown() {
        return shown || assumed;
    }
}
