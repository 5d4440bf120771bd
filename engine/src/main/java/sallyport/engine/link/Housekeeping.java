package sallyport.engine.link;

import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;

/// Looks at all links of an instance every few seconds: handshakes that take too long, silence to be
/// broken, links that nobody needs any more.
final class Housekeeping {
    // Ours: one pass costs some 10 ns a link; a limit passed by five seconds harms nobody.
    static final int PERIOD_SECONDS = 5;
    // C tor's KeepalivePeriod.
    static final long KEEPALIVE_NANOS = TimeUnit.MINUTES.toNanos(5);
    // C tor: a link that is not open and to which we had nothing to write for as long never will be.
    static final long HANDSHAKE_NANOS_MAX = KEEPALIVE_NANOS;
    // C tor: a link that could not be written to for ten such periods is closed.
    static final long STUCK_NANOS = 10 * KEEPALIVE_NANOS;
    // C tor's TIME_BEFORE_OR_CONN_IS_TOO_OLD: then new circuits go over a new link.
    static final long OLD_NANOS = TimeUnit.DAYS.toNanos(7);
    // C tor's channelpadding: clients, and relays we cannot place.
    static final int IDLE_SECONDS_MIN = 180;
    static final int IDLE_SECONDS_SPREAD = 90;
    // The parameter `nf_conntimeout_relays`, in seconds.
    static final int RELAY_IDLE_SECONDS_MIN = 60;
    static final int RELAY_IDLE_SECONDS_MAX = 604_800;
    static final int RELAY_IDLE_SECONDS_DEFAULT = 3600;

    private final Links links;
    private final LinkRelief relief;
    private @Nullable ScheduledFuture<?> timer;

    Housekeeping(Links links) {
        this.links = links;
        this.relief = new LinkRelief(links);
    }

    /// Harmless when repeated.
    void start() {
        if (timer == null) {
            timer = links.loop()
                    .scheduleWithFixedDelay(
                            () -> links.guard(() -> pass(links.turnNanos())),
                            PERIOD_SECONDS,
                            PERIOD_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    void pass(long nowNanos) {
        links.dialer().forgetUnwanted();
        links.clients().forget();
        links.limits().newcomers().forget();
        for (List<Link> ofRelay : links.dialer().byRelay()) {
            markDoubles(ofRelay);
        }
        for (Link link : List.copyOf(links.all())) {
            try {
                check(link, nowNanos);
            } catch (RuntimeException bug) {
                links.onBug(link, bug);
            }
        }
        int owed = links.limits().fds().owed();
        if (owed > 0) {
            relief.giveBackFds(owed);
        }
        int owedCircuits = links.limits().circuits().owed();
        if (owedCircuits > 0) {
            links.creates().giveBack(owedCircuits);
        }
    }

    private void check(Link link, long nowNanos) {
        if (!link.isOpen()) {
            if (nowNanos - link.times().lastWriteNanos() >= HANDSHAKE_NANOS_MAX) {
                link.fail(LinkCounters.Kind.FAILED_TIMEOUT);
            }
            return;
        }
        if (nowNanos - link.times().createdNanos() >= OLD_NANOS) {
            link.markBadForNewCircuits();
        }
        link.countOutput();
        link.followOwnRate();
        long unusedNanos = nowNanos - link.lastCircuitNanos(nowNanos);
        if (link.openCircuits() == 0 && (link.isBadForNewCircuits() || unusedNanos >= idleNanos(link))) {
            links.counters().count(LinkCounters.Kind.CLOSED_UNUSED);
            link.close();
        } else if (!link.channel().isWritable() && nowNanos - link.times().lastReadyNanos() >= STUCK_NANOS) {
            link.fault("link: peer reads nothing");
        } else if (nowNanos - link.times().lastWriteNanos() >= KEEPALIVE_NANOS) {
            link.scheduler().pad();
        } else {
            link.padding().reconsider();
        }
    }

    private long idleNanos(Link link) {
        if (link.idleNanos() == 0) {
            link.idleNanos(TimeUnit.MILLISECONDS.toNanos(drawIdleMillis(link)));
        }
        return link.idleNanos();
    }

    /// Drawn once per link, so that the end of a link tells nothing about when it was last used.
    private long drawIdleMillis(Link link) {
        if (!links.isKnownRelay(link) || !link.isCanonical()) {
            return 1000L * IDLE_SECONDS_MIN + links.world().entropy().jitter(1000L * IDLE_SECONDS_SPREAD);
        }
        int seconds = links.settings()
                .parameters()
                .get()
                .get(
                        "nf_conntimeout_relays",
                        RELAY_IDLE_SECONDS_MIN,
                        RELAY_IDLE_SECONDS_MAX,
                        RELAY_IDLE_SECONDS_DEFAULT);
        return 750L * seconds + links.world().entropy().jitter(500L * seconds);
    }

    /// Of several links to one relay the best takes the new circuits. When it is canonical, none of the
    /// others does; else none of the others at its address.
    private static void markDoubles(List<Link> ofRelay) {
        if (ofRelay.size() < 2) {
            return;
        }
        Map<ByteBuffer, Link> bestByIdentity = new HashMap<>();
        for (Link link : ofRelay) {
            if (!link.isBadForNewCircuits()) {
                bestByIdentity.merge(ed25519(link), link, (best, other) -> Dialer.isBetter(other, best) ? other : best);
            }
        }
        for (Link link : ofRelay) {
            Link best = bestByIdentity.get(ed25519(link));
            if (best != null
                    && Dialer.isBetter(best, link)
                    && (best.isCanonical() || best.peerAddress().equals(link.peerAddress()))) {
                link.markBadForNewCircuits();
            }
        }
    }

    private static ByteBuffer ed25519(Link link) {
        PeerIdentity peer = link.peer();
        return ByteBuffer.wrap(peer == null ? new byte[0] : peer.ed25519());
    }
}
