package sallyport.engine.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.world.SocketErrno;

/// Links by the relay at their end, and the dialing of new ones: which link serves a circuit to be
/// extended, one connection attempt for all who want the same relay at the same time, a short memory of
/// failures.
final class Dialer {
    // Ours: as long as the whole handshake may take; the circuit that waits will mostly have given up before.
    static final int CONNECT_TIMEOUT_MILLIS = 60_000;

    private final Links links;
    private final Map<RelayKey, List<Link>> open = new HashMap<>();
    private final Map<RelayKey, List<DialAttempt>> attempts = new HashMap<>();
    // Those that have a socket.
    private final Map<Link, DialAttempt> handshaking = new HashMap<>();
    private final ConnectFailures failures = new ConnectFailures();

    Dialer(Links links) {
        this.links = links;
    }

    void dial(DialTarget target, DialResult result) {
        if (isSelf(target)) {
            links.settings().faults().count("link: asked to dial ourselves");
            result.failed(DestroyReason.CONNECTFAILED);
            return;
        }
        RelayKey relay = new RelayKey(target.rsaDigest());
        Link usable = best(relay, target);
        if (usable != null) {
            result.opened(usable);
            return;
        }
        for (DialAttempt attempt : attempts.getOrDefault(relay, List.of())) {
            if (attempt.serves(target)) {
                attempt.await(result);
                return;
            }
        }
        RelayAddress address = choose(target.addresses());
        if (address == null || failures.isRecent(relay, address, links.turnNanos())) {
            result.failed(DestroyReason.CONNECTFAILED);
            return;
        }
        attempt(target, relay, address, result);
    }

    /// Dials a place where somebody may have our keys.
    void dialOurselves(RelayAddress address, DialResult result) {
        RelayIdentity self = links.settings().identity();
        DialTarget target = new DialTarget(List.of(address), self.rsaDigest(), self.ed25519());
        attempt(target, new RelayKey(self.rsaDigest()), address, result);
    }

    private void attempt(DialTarget target, RelayKey relay, RelayAddress address, DialResult result) {
        DialAttempt attempt = new DialAttempt(this, target, relay, address);
        attempt.await(result);
        attempts.computeIfAbsent(relay, _ -> new ArrayList<>()).add(attempt);
        connect(attempt);
    }

    private void connect(DialAttempt attempt) {
        if (!attempt.takeFd(links.limits().fds())) {
            failed(attempt);
            return;
        }
        links.counters().count(LinkCounters.Kind.DIALED);
        RelayAddress address = attempt.address();
        ChannelFuture connected = links.world()
                .network()
                .connect(
                        links.loop(),
                        address.socket(),
                        links.settings().outbound().toward(address.inet()),
                        CONNECT_TIMEOUT_MILLIS,
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                begin(attempt, channel);
                            }
                        });
        connected.addListener(_ -> {
            if (connected.isSuccess()) {
                return;
            }
            // A socket that could not even be created reports from another thread.
            if (links.loop().inEventLoop()) {
                connectFailed(attempt, connected.cause());
            } else {
                links.loop().execute(() -> connectFailed(attempt, connected.cause()));
            }
        });
    }

    private void connectFailed(DialAttempt attempt, Throwable failure) {
        if (SocketErrno.isPortMissing(failure)) {
            links.limits().overload().general();
        }
        links.counters().count(LinkCounters.Kind.FAILED_CONNECT);
        attempt.releaseFd();
        Link link = attempt.link();
        if (link != null) {
            link.close();
        }
        failed(attempt);
    }

    private void begin(DialAttempt attempt, Channel channel) {
        Link link = new Link(
                links, channel, true, new ClientAddress(attempt.address().inet()));
        attempt.begun(link);
        links.tally(link.isIpv6() ? Tally.LINK_DIALED_IPV6 : Tally.LINK_DIALED_IPV4);
        handshaking.put(link, attempt);
        channel.closeFuture().addListener(_ -> attempt.releaseFd());
        String serverName = TlsParameters.randomServerName(links.world().entropy());
        links.add(link, links.tls().dial(channel.alloc(), serverName), attempt);
    }

    /// The handshake of a dialed link is over.
    void opened(DialAttempt attempt, LinkPeer found) {
        Link link = attempt.link();
        if (link == null || !end(attempt)) {
            return;
        }
        links.counters().count(LinkCounters.Kind.OPENED_DIALED);
        link.onOpen(found);
        onOpen(link);
        for (DialResult result : attempt.takeWaiting()) {
            links.guard(() -> result.opened(link));
        }
    }

    private void failed(DialAttempt attempt) {
        if (!end(attempt)) {
            return;
        }
        DestroyReason reason = attempt.failure();
        if (reason == DestroyReason.CONNECTFAILED) {
            failures.add(attempt.relay(), attempt.address(), links.turnNanos());
        }
        for (DialResult result : attempt.takeWaiting()) {
            links.guard(() -> result.failed(reason));
        }
    }

    /// False when it was over before.
    private boolean end(DialAttempt attempt) {
        Link link = attempt.link();
        if (link != null) {
            handshaking.remove(link);
        }
        List<DialAttempt> ofRelay = attempts.get(attempt.relay());
        if (ofRelay == null || !ofRelay.remove(attempt)) {
            return false;
        }
        if (ofRelay.isEmpty()) {
            attempts.remove(attempt.relay());
        }
        return true;
    }

    /// How many wait for a connection on its way.
    int waiting() {
        int all = 0;
        for (List<DialAttempt> ofRelay : attempts.values()) {
            for (DialAttempt attempt : ofRelay) {
                all += attempt.waitingCount();
            }
        }
        return all;
    }

    /// Lets go of circuits that ended while they waited for a connection.
    void forgetUnwanted() {
        attempts.values().forEach(ofRelay -> ofRelay.forEach(DialAttempt::forgetUnwanted));
    }

    /// A link with a relay, of whichever direction, became open.
    void onOpen(Link link) {
        PeerIdentity peer = link.peer();
        if (peer != null) {
            open.computeIfAbsent(new RelayKey(peer.rsaDigest()), _ -> new ArrayList<>(2))
                    .add(link);
        }
    }

    void onClosed(Link link) {
        PeerIdentity peer = link.peer();
        if (peer != null) {
            RelayKey relay = new RelayKey(peer.rsaDigest());
            List<Link> ofRelay = open.get(relay);
            if (ofRelay != null && ofRelay.remove(link) && ofRelay.isEmpty()) {
                open.remove(relay);
            }
        }
        DialAttempt attempt = handshaking.get(link);
        if (attempt != null) {
            failed(attempt);
        }
    }

    /// Nobody waits any longer.
    void close() {
        for (List<DialAttempt> ofRelay : List.copyOf(attempts.values())) {
            List.copyOf(ofRelay).forEach(this::failed);
        }
    }

    /// Links of the same relay, where there are several.
    Iterable<List<Link>> byRelay() {
        return open.values();
    }

    /// The link of that relay that may carry a new circuit and does it best.
    private @Nullable Link best(RelayKey relay, DialTarget target) {
        Link best = null;
        for (Link link : open.getOrDefault(relay, List.of())) {
            if (!link.isBadForNewCircuits() && isUsable(link, target) && (best == null || isBetter(link, best))) {
                best = link;
            }
        }
        return best;
    }

    private static boolean isUsable(Link link, DialTarget target) {
        PeerIdentity peer = link.peer();
        return link.isOpen()
                && peer != null
                && matches(peer, target)
                && (link.isCanonical() || target.addresses().stream().anyMatch(link::isAt));
    }

    /// C tor's order: good for new circuits, canonical for us, canonical for the peer, older, with more
    /// circuits.
    static boolean isBetter(Link a, Link b) {
        if (a.isBadForNewCircuits() != b.isBadForNewCircuits()) {
            return b.isBadForNewCircuits();
        }
        if (a.isCanonical() != b.isCanonical()) {
            return a.isCanonical();
        }
        if (a.peerNamedOurAddress() != b.peerNamedOurAddress()) {
            return a.peerNamedOurAddress();
        }
        if (a.times().createdNanos() != b.times().createdNanos()) {
            return a.times().createdNanos() - b.times().createdNanos() < 0;
        }
        return a.openCircuits() > b.openCircuits();
    }

    static boolean matches(PeerIdentity peer, DialTarget target) {
        return Arrays.equals(peer.rsaDigest(), target.rsaDigest())
                && (target.ed25519() == null || Arrays.equals(peer.ed25519(), target.ed25519()));
    }

    private boolean isSelf(DialTarget target) {
        RelayIdentity self = links.settings().identity();
        return Arrays.equals(target.rsaDigest(), self.rsaDigest()) || Arrays.equals(target.ed25519(), self.ed25519());
    }

    /// One of the addresses of a family that we have ourselves; C tor too chooses at random.
    private @Nullable RelayAddress choose(List<RelayAddress> addresses) {
        List<RelayAddress> usable = new ArrayList<>();
        for (RelayAddress address : addresses) {
            if (address.port() != 0 && (!address.isIpv6() || haveIpv6())) {
                usable.add(address);
            }
        }
        return usable.isEmpty()
                ? null
                : usable.get((int) links.world().entropy().jitter(usable.size()));
    }

    private boolean haveIpv6() {
        return links.publishedAddresses().stream().anyMatch(RelayAddress::isIpv6);
    }
}
