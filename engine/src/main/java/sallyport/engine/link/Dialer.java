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
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.identity.RelayIdentity;

/// Links by the relay at their end, and the dialing of new ones: which link serves a circuit to be
/// extended, one connection attempt for all who want the same relay at the same time, a short memory of
/// failures.
final class Dialer {
    // Ours: as long as the whole handshake may take; the circuit that waits will mostly have given up before.
    static final int CONNECT_TIMEOUT_MILLIS = 60_000;

    private final Links links;
    private final Map<RelayKey, List<Link>> open = new HashMap<>();
    private final Map<RelayKey, List<Attempt>> attempts = new HashMap<>();
    private final ConnectFailures failures = new ConnectFailures();

    Dialer(Links links) {
        this.links = links;
    }

    /// One connection on its way, and who waits for it.
    private final class Attempt implements LinkHandshake.Outcome {
        private final DialTarget target;
        private final RelayKey relay;
        private final RelayAddress address;
        private final List<DialResult> waiting = new ArrayList<>();
        private @Nullable Link link;
        private DestroyReason failure = DestroyReason.CONNECTFAILED;
        private boolean over;

        Attempt(DialTarget target, RelayKey relay, RelayAddress address) {
            this.target = target;
            this.relay = relay;
            this.address = address;
        }

        @Override
        public boolean isExpected(PeerIdentity peer) {
            boolean expected = matches(peer, target);
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
            Link opened = link;
            if (opened == null || over) {
                return;
            }
            links.counters().count(LinkCounters.Kind.OPENED_DIALED);
            opened.onOpen(found);
            Dialer.this.onOpen(opened);
            for (DialResult result : end()) {
                result.opened(opened);
            }
        }

        void fail() {
            if (over) {
                return;
            }
            if (failure == DestroyReason.CONNECTFAILED) {
                failures.add(relay, address, links.turnNanos());
            }
            for (DialResult result : end()) {
                result.failed(failure);
            }
        }

        private List<DialResult> end() {
            over = true;
            List<Attempt> ofRelay = attempts.get(relay);
            if (ofRelay != null && ofRelay.remove(this) && ofRelay.isEmpty()) {
                attempts.remove(relay);
            }
            return waiting;
        }
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
        for (Attempt attempt : attempts.getOrDefault(relay, List.of())) {
            if (Arrays.equals(attempt.target.ed25519(), target.ed25519())) {
                attempt.waiting.add(result);
                return;
            }
        }
        RelayAddress address = choose(target.addresses());
        if (address == null || failures.isRecent(relay, address, links.turnNanos())) {
            result.failed(DestroyReason.CONNECTFAILED);
            return;
        }
        Attempt attempt = new Attempt(target, relay, address);
        attempt.waiting.add(result);
        attempts.computeIfAbsent(relay, _ -> new ArrayList<>()).add(attempt);
        connect(attempt);
    }

    private void connect(Attempt attempt) {
        links.counters().count(LinkCounters.Kind.DIALED);
        RelayAddress address = attempt.address;
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
                connectFailed(attempt);
            } else {
                links.loop().execute(() -> connectFailed(attempt));
            }
        });
    }

    private void connectFailed(Attempt attempt) {
        links.counters().count(LinkCounters.Kind.FAILED_CONNECT);
        if (attempt.link != null) {
            attempt.link.close();
        }
        attempt.fail();
    }

    private void begin(Attempt attempt, Channel channel) {
        Link link = new Link(links, channel, true, new ClientAddress(attempt.address.inet()), attempt.address.port());
        attempt.link = link;
        String serverName = TlsParameters.randomServerName(links.world().entropy());
        links.add(link, links.tls().dial(channel.alloc(), serverName), attempt);
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
        if (link.isDialed() && peer == null) {
            for (List<Attempt> ofRelay : List.copyOf(attempts.values())) {
                for (Attempt attempt : List.copyOf(ofRelay)) {
                    if (attempt.link == link) {
                        attempt.fail();
                    }
                }
            }
        }
    }

    /// Nobody waits any longer.
    void close() {
        for (List<Attempt> ofRelay : List.copyOf(attempts.values())) {
            List.copyOf(ofRelay).forEach(Attempt::fail);
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

    /// C tor's order: canonical for us, canonical for the peer, older, with more circuits.
    static boolean isBetter(Link a, Link b) {
        if (a.isCanonical() != b.isCanonical()) {
            return a.isCanonical();
        }
        if (a.peerNamedOurAddress() != b.peerNamedOurAddress()) {
            return a.peerNamedOurAddress();
        }
        if (a.createdNanos() != b.createdNanos()) {
            return a.createdNanos() - b.createdNanos() < 0;
        }
        return a.openCircuits() > b.openCircuits();
    }

    private static boolean matches(PeerIdentity peer, DialTarget target) {
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
