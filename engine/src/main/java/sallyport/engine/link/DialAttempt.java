package sallyport.engine.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.limits.CountBudget;

/// One connection on its way to a relay, and who waits for it.
final class DialAttempt implements LinkHandshake.Outcome {
    // Ours: below, looking for those that gave up saves nothing.
    private static final int FORGET_FROM = 16;

    private final Dialer dialer;
    private final DialTarget target;
    private final RelayKey relay;
    private final RelayAddress address;
    private final List<DialResult> waiting = new ArrayList<>(1);
    private int forgetAt = FORGET_FROM;
    private @Nullable Link link;
    private DestroyReason failure = DestroyReason.CONNECTFAILED;
    private CountBudget.@Nullable Share fds;

    DialAttempt(Dialer dialer, DialTarget target, RelayKey relay, RelayAddress address) {
        this.dialer = dialer;
        this.target = target;
        this.relay = relay;
        this.address = address;
    }

    /// Whether the link that may come of it serves `wanted`: like C tor, at one of its addresses, and with its Ed25519
    /// identity where it names one.
    boolean serves(DialTarget wanted) {
        return (wanted.ed25519() == null || Arrays.equals(wanted.ed25519(), target.ed25519()))
                && wanted.addresses().stream().anyMatch(other -> Arrays.equals(other.ip(), address.ip()));
    }

    void await(DialResult result) {
        if (waiting.size() >= forgetAt) {
            forgetUnwanted();
            forgetAt = Math.max(FORGET_FROM, 2 * waiting.size());
        }
        waiting.add(result);
    }

    /// Lets go of circuits that have ended meanwhile.
    void forgetUnwanted() {
        waiting.removeIf(result -> !result.isWanted());
    }

    /// Takes an FD for it; false when there is none.
    boolean takeFd(CountBudget.Share from) {
        if (!from.tryAcquire()) {
            failure = DestroyReason.RESOURCELIMIT;
            return false;
        }
        fds = from;
        return true;
    }

    /// Its socket is closed, or there will be none. Harmless when repeated.
    void releaseFd() {
        if (fds != null) {
            fds.release();
            fds = null;
        }
    }

    /// It has a socket.
    void begun(Link ofSocket) {
        link = ofSocket;
    }

    /// Empties the list.
    List<DialResult> takeWaiting() {
        List<DialResult> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    @Override
    public boolean isExpected(PeerIdentity peer) {
        boolean expected = Dialer.matches(peer, target);
        if (!expected) {
            failure = DestroyReason.OR_IDENTITY;
            if (link != null) {
                link.fail(LinkCounters.Kind.FAILED_IDENTITY);
            }
        }
        return expected;
    }

    @Override
    public void onOpen(LinkPeer found) {
        dialer.opened(this, found);
    }

    /// Circuits that wait.
    int waitingCount() {
        return waiting.size();
    }

    RelayKey relay() {
        return relay;
    }

    RelayAddress address() {
        return address;
    }

    /// Null before it has a socket.
    @Nullable
    Link link() {
        return link;
    }

    /// What to answer if it fails now.
    DestroyReason failure() {
        return failure;
    }
}
