package sallyport.engine.instance;

import java.util.concurrent.CountDownLatch;
import sallyport.engine.link.Link;
import sallyport.engine.link.ReachabilityListener;

/// Whether others have been seen to reach our ORPort. The loop learns it, control tasks ask.
///
/// C tor's rule: a CREATE answered on an accepted link whose NETINFO named an address that we publish; in a testing
/// network a link from this host counts too.
final class Reachability implements ReachabilityListener {
    private final boolean testing;
    private final CountDownLatch shown = new CountDownLatch(1);

    Reachability(boolean testing) {
        this.testing = testing;
    }

    @Override
    public void onCreateAnswered(Link link) {
        if (!link.isDialed() && link.peerNamedOurAddress() && (testing || !link.isLocal())) {
            shown.countDown();
        }
    }

    boolean isShown() {
        return shown.getCount() == 0;
    }
}
