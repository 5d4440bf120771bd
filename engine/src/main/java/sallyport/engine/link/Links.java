package sallyport.engine.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.limits.ClientGuard;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.world.World;

/// The links of one instance. Every method runs on its loop, except the constructor, [#listen] and
/// [#counters].
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
public final class Links {
    static final String OWN_BUG = "our own bug in a link";

    private final LinkSettings settings;
    private final World world;
    private final EventLoop loop;
    private final CellPool pool;
    private final CreateHandler creates;
    private final LinkTls tls;
    private final LinkCounters counters = new LinkCounters();
    private final BigInteger ourModulus;
    private final OwnBugs bugs;
    private final Set<Link> all = new LinkedHashSet<>();
    private final Map<InetSocketAddress, Channel> listeners = new LinkedHashMap<>();
    private final Dialer dialer;
    private final TlsTurns tlsTurns;
    private final ClockSkew clockSkew = new ClockSkew(this);
    private final Housekeeping housekeeping;
    private final ClientGuard clients;
    private final LinkRules rules;
    private final Runnable forgetTurn = this::forgetTurn;
    private boolean turnKnown;
    private long turnNanos;
    private List<RelayAddress> publishedAddresses;
    private boolean closed;
    private boolean deaf;
    private boolean asleep;

    /// Probes the TLS engines if nobody has in this process yet: half a second, once.
    public Links(LinkSettings settings, World world, EventLoop loop, CellPool pool, CreateHandler creates) {
        this(settings, world, loop, pool, creates, TlsChoice.open(settings, world.log()));
    }

    Links(LinkSettings settings, World world, EventLoop loop, CellPool pool, CreateHandler creates, LinkTls tls) {
        this.settings = settings;
        this.world = world;
        this.loop = loop;
        this.pool = pool;
        this.creates = creates;
        this.tls = tls;
        this.bugs = new OwnBugs(world, settings.relay(), settings.faults(), OWN_BUG, "closed the link only");
        this.ourModulus = modulus(settings.identity().rsaPkcs1());
        this.publishedAddresses = settings.publishedAddresses();
        this.dialer = new Dialer(this);
        this.tlsTurns = new TlsTurns(this);
        this.housekeeping = new Housekeeping(this);
        this.rules = new LinkRules(settings.parameters());
        this.clients = new ClientGuard(world, settings.faults(), rules::clients);
        LinkRelief relief = new LinkRelief(this);
        limits().memory().relief().from(MemoryKind.HANDSHAKES, relief::trimHandshakes);
        limits().memory().relief().from(MemoryKind.LINK_OUTPUT, relief::trimOutput);
    }

    /// Takes links at `local` from the moment the future succeeds. From any thread.
    public ChannelFuture listen(InetSocketAddress local) {
        ChannelFuture bound = world.network().listen(loop, local, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                try {
                    accept(channel);
                } catch (RuntimeException bug) {
                    bugs.note(bug);
                    channel.close();
                }
            }
        });
        return bound.addListener(_ -> loop.execute(() -> {
            if (bound.isSuccess()) {
                onListening(local, bound.channel());
            }
        }));
    }

    /// Finds an open link to the relay, or waits for one that is being dialed, or dials; the result comes
    /// on the loop, perhaps before this returns.
    public void dial(DialTarget target, DialResult result) {
        if (closed || asleep) {
            result.failed(DestroyReason.CONNECTFAILED);
        } else {
            dialer.dial(target, result);
        }
    }

    /// Finds out whether another relay than this one takes links at `address` with our keys. The answer
    /// comes once, on the loop.
    public void findOurselves(RelayAddress address, Consumer<Boolean> answer) {
        if (closed || asleep) {
            answer.accept(false);
        } else {
            dialer.dialOurselves(address, new OwnKeysProbe(this, answer));
        }
    }

    /// From now on the descriptor names these ORPorts; links that are open stay.
    public void moveTo(List<RelayAddress> published) {
        publishedAddresses = List.copyOf(published);
        all.forEach(Link::onMoved);
    }

    /// Stops listening elsewhere; links that were accepted there stay.
    public void listenOnlyOn(List<RelayAddress> addresses) {
        Set<InetSocketAddress> kept =
                addresses.stream().map(RelayAddress::socket).collect(Collectors.toSet());
        listeners.entrySet().removeIf(listener -> {
            boolean gone = !kept.contains(listener.getKey());
            if (gone) {
                listener.getValue().close();
            }
            return gone;
        });
    }

    /// Our ORPorts as the descriptor names them.
    List<RelayAddress> publishedAddresses() {
        return publishedAddresses;
    }

    /// Takes no new links any more, until [#wakeUp]; those that are open go on.
    public void stopListening() {
        deaf = true;
        listeners.values().forEach(Channel::close);
        listeners.clear();
    }

    /// Ends every circuit and link, stops listening and dials nobody, until [#wakeUp].
    public void fallAsleep() {
        asleep = true;
        stopListening();
        for (Link link : List.copyOf(all)) {
            link.shutDown(DestroyReason.HIBERNATING);
        }
        dialer.close();
    }

    /// Dials again; whoever calls it listens again too.
    public void wakeUp() {
        deaf = false;
        asleep = false;
    }

    /// Ends every circuit and link and stops listening.
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        housekeeping.stop();
        listeners.values().forEach(Channel::close);
        for (Link link : List.copyOf(all)) {
            link.shutDown(DestroyReason.DESTROYED);
        }
        dialer.close();
        tls.close();
    }

    /// Links that are open or on the way to it.
    public int count() {
        return all.size();
    }

    /// Sums for whoever shows status. From any thread.
    public LinkCounters counters() {
        return counters;
    }

    /// What was asked for may have been withdrawn while the system did it.
    private void onListening(InetSocketAddress local, Channel listener) {
        if (closed || deaf) {
            listener.close();
        } else {
            listeners.put(local, listener);
            housekeeping.start();
        }
    }

    void accept(Channel channel) {
        if (closed || asleep || !(channel.remoteAddress() instanceof InetSocketAddress peer)) {
            channel.close();
            return;
        }
        ClientAddress address = ClientAddress.of(peer);
        if (!clients.accepts(address)) {
            counters.count(LinkCounters.Kind.REFUSED_CLIENT);
            tally(address, Tally.LINK_REJECTED_IPV4, Tally.LINK_REJECTED_IPV6);
            channel.close();
            return;
        }
        if (!limits().fds().tryAcquire()) {
            counters.count(LinkCounters.Kind.REFUSED_FDS);
            tally(address, Tally.LINK_REJECTED_IPV4, Tally.LINK_REJECTED_IPV6);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> limits().fds().release());
        counters.count(LinkCounters.Kind.ACCEPTED);
        tally(address, Tally.LINK_ACCEPTED_IPV4, Tally.LINK_ACCEPTED_IPV6);
        Link link = new Link(this, channel, false, address);
        link.watched(clients.connected(address));
        add(link, tls.accept(channel.alloc()), new LinkHandshake.Outcome() {
            @Override
            public boolean isExpected(PeerIdentity identity) {
                return true;
            }

            @Override
            public void onOpen(LinkPeer found) {
                counters.count(
                        found.identity() == null
                                ? LinkCounters.Kind.OPENED_ACCEPTED_CLIENT
                                : LinkCounters.Kind.OPENED_ACCEPTED_RELAY);
                link.onOpen(found);
                dialer.onOpen(link);
            }
        });
    }

    void tally(ClientAddress peer, Tally ofIpv4, Tally ofIpv6) {
        tally(peer.ipForWire().length == Ip.IPV6_BYTES ? ofIpv6 : ofIpv4);
    }

    void tally(Tally kind) {
        settings.faults().tallies().count(kind);
    }

    /// Links of one direction and family, those that are being made included.
    public int countOf(boolean dialed, boolean ipv6) {
        int count = 0;
        for (Link link : all) {
            count += link.isDialed() == dialed && link.isIpv6() == ipv6 ? 1 : 0;
        }
        return count;
    }

    /// Puts a new link to work on its channel.
    void add(Link link, LinkTls.Session session, LinkHandshake.Outcome outcome) {
        all.add(link);
        link.onHandshakeBegun();
        link.reading().install();
        Channel channel = link.channel();
        channel.config()
                .setOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LinkScheduler.WRITE_LOW_BYTES, LinkScheduler.WRITE_HIGH_BYTES));
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) LinkScheduler.UNSENT_LOW_BYTES);
        }
        channel.pipeline()
                .addLast(new LinkTraffic(this, link))
                .addLast(new TlsGate(tlsTurns, link))
                .addLast(session.handler())
                .addLast(new LinkChannel(this, link, session, outcome));
        housekeeping.start();
    }

    ClientGuard clients() {
        return clients;
    }

    /// Already out of everyone's sight when its circuits hear of it.
    void onClosed(Link link) {
        all.remove(link);
        dialer.onClosed(link);
    }

    /// Something of ours failed on this link: counted, said once an hour, and only this link closes.
    void onBug(Link link, Throwable bug) {
        bugs.note(bug);
        link.close();
    }

    /// Runs what belongs to somebody else, whose bug must not keep the rest of ours from being done.
    void guard(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    /// Whether the consensus lists the relay at the other end; never for a client.
    boolean isKnownRelay(Link link) {
        PeerIdentity peer = link.peer();
        return peer != null && settings.relays().get().isKnownRelay(peer.rsaDigest());
    }

    /// The time of this turn of the loop, in ticker nanoseconds; the clock is read once per turn.
    long turnNanos() {
        if (!turnKnown) {
            turnKnown = true;
            turnNanos = world.ticker().nanoTime();
            rules.follow();
            world.loops().afterTurn(loop, forgetTurn);
        }
        return turnNanos;
    }

    private void forgetTurn() {
        turnKnown = false;
    }

    /// The rules of this turn.
    LinkRules rules() {
        turnNanos();
        return rules;
    }

    Set<Link> all() {
        return all;
    }

    Dialer dialer() {
        return dialer;
    }

    ClockSkew clockSkew() {
        return clockSkew;
    }

    TlsTurns tlsTurns() {
        return tlsTurns;
    }

    LinkSettings settings() {
        return settings;
    }

    InstanceLimits limits() {
        return settings.limits();
    }

    World world() {
        return world;
    }

    EventLoop loop() {
        return loop;
    }

    CellPool pool() {
        return pool;
    }

    CreateHandler creates() {
        return creates;
    }

    LinkTls tls() {
        return tls;
    }

    BigInteger ourModulus() {
        return ourModulus;
    }

    private static BigInteger modulus(byte[] pkcs1) {
        try {
            return Rsa.publicKey(pkcs1).getModulus();
        } catch (Malformed e) {
            throw new IllegalStateException("our own RSA identity", e);
        }
    }
}
