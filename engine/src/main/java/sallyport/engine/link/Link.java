package sallyport.engine.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.EntryAddresses;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.RelayBandwidth;

/// One TLS connection to a client or relay, and the circuits on it. Every method runs on its loop.
///
/// A link is of use between [DialResult#opened] or the first [CreateHandler#onCreate] and its end;
/// afterwards [#attach] and [#open] return null and everything sent is released.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
public final class Link {
    // Ours: state of TLS and its buffers while certificates are exchanged, and our own of the handshake.
    static final int HANDSHAKE_BYTES = 64 * 1024;

    private final Links links;
    private final Channel channel;
    private final boolean dialed;
    private final ClientAddress peerAddress;
    private final boolean local;
    private final CircuitTable circuits;
    private final LinkReading reading;
    private final LinkScheduler scheduler;
    private final LinkPadding padding;
    private final LinkCells cells;
    private final LinkTimes times;

    private @Nullable LinkPeer peer;
    private boolean weMoved;
    private boolean closed;
    private boolean badForNewCircuits;
    private long idleNanos;
    private boolean handshaking;
    private boolean watched;
    private long outputBytes;

    Link(Links links, Channel channel, boolean dialed, ClientAddress peerAddress) {
        this.links = links;
        this.channel = channel;
        this.dialed = dialed;
        this.peerAddress = peerAddress;
        this.local = LocalAddresses.isLocal(peerAddress, links.publishedAddresses());
        this.times = new LinkTimes(links.turnNanos());
        this.circuits = new CircuitTable(links.world().entropy());
        boolean privatePeer = Ip.isInternal(peerAddress.ipForWire());
        RelayBandwidth bandwidth = links.limits().bandwidth();
        this.reading = new LinkReading(channel, bandwidth.reading(), this::isRelaying, privatePeer);
        this.scheduler = new LinkScheduler(this, channel, bandwidth.writing(), privatePeer);
        this.padding = new LinkPadding(links, this);
        this.cells = new LinkCells(links, this);
    }

    /// Whether the peer did not authenticate as a relay.
    public boolean isClient() {
        return peer != null && peer.identity() == null;
    }

    /// Whether we opened the connection.
    public boolean isDialed() {
        return dialed;
    }

    /// The relay at the other end; null for a client and before the handshake is over.
    public @Nullable PeerIdentity peer() {
        return peer == null ? null : peer.identity();
    }

    /// The link version: 3, 4 or 5; 0 before the handshake is over.
    public int version() {
        return peer == null ? 0 : peer.version();
    }

    /// Whether the handshake is over and the link not closed.
    public boolean isOpen() {
        return peer != null && !closed;
    }

    public boolean isClosed() {
        return closed;
    }

    /// Whether the peer's address is private or of our own network, as C tor judges reachability.
    public boolean isLocal() {
        return local;
    }

    /// Whether the peer's NETINFO said that it reached us at an address that we publish.
    public boolean peerNamedOurAddress() {
        return peer != null && !weMoved && peer.namedOurAddress();
    }

    /// Our ORPort is elsewhere now: what this peer named says nothing of the new one.
    void onMoved() {
        weMoved = true;
    }

    /// Whether the peer is where it claims to be.
    public boolean isCanonical() {
        return peer != null && peer.canonical();
    }

    /// The family the peer really uses.
    public boolean isIpv6() {
        return peerAddress.ipForWire().length == 16;
    }

    /// Circuits on this link.
    public int openCircuits() {
        return circuits.ports();
    }

    /// The pool of the loop's cells.
    public CellPool cells() {
        return links.pool();
    }

    /// Gives a circuit the id of a CREATE cell. Null when the id is in use or the link not open.
    public @Nullable CircuitPort attach(int circuitId, CellReceiver receiver) {
        if (!isOpen() || circuitId == 0 || !circuits.isFree(circuitId)) {
            return null;
        }
        return newPort(circuitId, receiver, false);
    }

    /// Gives a circuit that we extend a new id. Null when the link is not open or no id is free.
    public @Nullable CircuitPort open(CellReceiver receiver) {
        if (!isOpen()) {
            return null;
        }
        int id = circuits.newId();
        return id == 0 ? null : newPort(id, receiver, true);
    }

    /// Queues a DESTROY for an id without a port. Its id cannot be used again until the cell has left.
    public void sendDestroy(int circuitId, DestroyReason reason) {
        if (!isOpen()) {
            return;
        }
        if (circuits.isFree(circuitId)) {
            circuits.reserve(circuitId);
        }
        scheduler.destroy(circuitId, reason);
        if (scheduler.waitingDestroys() > LinkScheduler.WAITING_DESTROYS_MAX) {
            fault("link: peer does not read its DESTROY cells");
        }
    }

    /// The circuits on this link learn whether they have more than one hop, and say so here with each of
    /// their cells: such links are padded.
    ///
    /// @param early the cell is one of RELAY_EARLY
    public void onCircuitCell(boolean early) {
        padding.onCircuitCell(early);
    }

    /// Counts a CREATE cell of a client, and says whether it may be answered; those of relays always may.
    public boolean allowsCreate() {
        return !isClient() || links.clients().allowsCircuit(peerAddress);
    }

    /// Whom its new circuits are counted for ([sallyport.engine.limits.Newcomers]): the relay where the consensus knows
    /// it, else the address. Who makes himself identities of relays is one source all the same.
    public long source() {
        PeerIdentity identity = peer();
        return identity != null && links.isKnownRelay(this)
                ? ByteBuffer.wrap(identity.rsaDigest()).getLong()
                : peerAddress.network();
    }

    /// A circuit of this link ended because more cells wait for its next hop than may.
    public void onNextHopOverflow() {
        if (isClient()) {
            links.clients().queueOverflowed(peerAddress);
        }
    }

    void tally(Tally kind) {
        links.tally(kind);
    }

    /// Whether its address's connections are counted.
    void watched(boolean counted) {
        watched = counted;
    }

    private void unwatch() {
        if (watched) {
            watched = false;
            links.clients().closed(peerAddress);
        }
    }

    /// Takes a fixed cell of the open link.
    void receive(Cell cell) {
        cells.receive(cell);
    }

    private CircuitPort newPort(int id, CellReceiver receiver, boolean towardNextHop) {
        CircuitPort port = new CircuitPort(this, id, receiver, towardNextHop);
        circuits.put(port);
        return port;
    }

    /// The connection is there, or on its way.
    void onHandshakeBegun() {
        handshaking = true;
        memory().add(MemoryKind.HANDSHAKES, HANDSHAKE_BYTES);
    }

    private void onHandshakeEnded() {
        if (handshaking) {
            handshaking = false;
            memory().add(MemoryKind.HANDSHAKES, -HANDSHAKE_BYTES);
        }
    }

    /// Counts what the socket has not taken yet. Called when that may have changed much.
    void countOutput() {
        ChannelOutboundBuffer output = channel.unsafe().outboundBuffer();
        long now = closed || output == null ? 0 : output.totalPendingWriteBytes();
        memory().add(MemoryKind.LINK_OUTPUT, now - outputBytes);
        outputBytes = now;
    }

    /// Bytes that the socket had not taken when they were counted last.
    long outputBytes() {
        return outputBytes;
    }

    /// The handshake is over.
    void onOpen(LinkPeer found) {
        peer = found;
        onHandshakeEnded();
        if (links.isKnownRelay(this)) {
            unwatch();
        }
        EntryAddresses entries = statistics().entries();
        if (entries != null && !dialed && !links.isKnownRelay(this)) {
            entries.connected(peerAddress.ipForWire());
        }
        boolean wide = found.version() >= 4;
        circuits.rules(ourHalf(found), wide);
        scheduler.circuitIdBytes(wide ? 4 : 2);
        followOwnRate();
        times.onCircuit(links.turnNanos());
    }

    /// A circuit of our own uses the link: for a while its bytes are none that we relay, and the limit of
    /// those does not hold them back.
    public void usedByUs() {
        times.onOwnUse(links.turnNanos());
    }

    boolean isRelaying() {
        return times.isRelaying(links.turnNanos());
    }

    /// A link of a client, or of a relay that nobody knows, may have a limit of its own (C tor's
    /// `connection_or_update_token_buckets_helper`).
    void followOwnRate() {
        Rate rate = links.rules().connectionRate(links.limits().bandwidth().rates());
        Rate own = rate.isUnlimited() || links.isKnownRelay(this) ? null : rate;
        reading.followOwn(own);
        scheduler.writing().followOwn(own);
    }

    private CircuitTable.Half ourHalf(LinkPeer found) {
        if (found.version() >= 4) {
            return dialed ? CircuitTable.Half.HIGH : CircuitTable.Half.LOW;
        }
        if (found.modulus() == null) {
            return CircuitTable.Half.EITHER;
        }
        return links.ourModulus().compareTo(found.modulus()) < 0 ? CircuitTable.Half.LOW : CircuitTable.Half.HIGH;
    }

    /// The peer broke a rule: counts it and closes the link. `what` is a constant text.
    void fault(String what) {
        if (!closed) {
            links.settings().faults().count(what);
            close();
        }
    }

    /// The link could not become open: counts how and closes it.
    void fail(LinkCounters.Kind kind) {
        if (!closed) {
            links.counters().count(kind);
            close();
        }
    }

    /// Closes the connection; the circuits hear of it before this returns.
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        padding.cancel();
        onHandshakeEnded();
        unwatch();
        reading.leave();
        scheduler.writing().leave();
        countOutput();
        links.guard(() -> links.onClosed(this));
        loseAll(circuits.removeAll());
        channel.close();
    }

    private void loseAll(List<CircuitPort> ports) {
        ports.forEach(CircuitPort::onLinkLost);
        for (CircuitPort port : ports) {
            links.guard(port::tellLinkLost);
        }
    }

    /// Sends DESTROY for every circuit, as far as the socket takes them, and closes.
    void shutDown(DestroyReason reason) {
        if (isOpen()) {
            List<CircuitPort> ports = circuits.removeAll();
            for (CircuitPort port : ports) {
                scheduler.destroy(port.circuitId(), reason);
            }
            loseAll(ports);
            scheduler.drainNow();
        }
        close();
    }

    /// Bytes of the peer came.
    void onRead() {
        times.onRead(links.turnNanos());
    }

    void onWritten() {
        times.onWritten(links.turnNanos(), channel.isWritable());
        countOutput();
    }

    void onWritable() {
        times.onReady(links.turnNanos());
        countOutput();
        scheduler.onWritable();
    }

    void onBug(RuntimeException bug) {
        links.onBug(this, bug);
    }

    void onQueueOverflow(Runnable tellReceiver) {
        links.counters().count(LinkCounters.Kind.CIRCUIT_QUEUES_OVERFLOWED);
        afterTurn(tellReceiver);
    }

    void markBadForNewCircuits() {
        badForNewCircuits = true;
    }

    boolean isBadForNewCircuits() {
        return badForNewCircuits;
    }

    /// How long it may be without circuits; 0 until drawn.
    long idleNanos() {
        return idleNanos;
    }

    void idleNanos(long nanos) {
        idleNanos = nanos;
    }

    /// Whether the connection goes to or comes from that address. Like C tor, whatever the port: a relay
    /// that connected to us did so from another one than it listens on.
    boolean isAt(RelayAddress address) {
        return peerAddress.sameIp(address);
    }

    /// Where it comes from or goes to; to be told to nobody but the peer.
    public ClientAddress peerAddress() {
        return peerAddress;
    }

    /// When things last happened to it.
    LinkTimes times() {
        return times;
    }

    /// When the link last had a circuit.
    long lastCircuitNanos(long nowNanos) {
        if (circuits.ports() > 0) {
            times.onCircuit(nowNanos);
        }
        return times.lastCircuitNanos();
    }

    LinkRules rules() {
        return links.rules();
    }

    long turnNanos() {
        return links.turnNanos();
    }

    void afterTurn(Runnable work) {
        links.world().loops().afterTurn(links.loop(), work);
    }

    MemoryAccount memory() {
        return links.limits().memory();
    }

    CircuitTable circuits() {
        return circuits;
    }

    LinkReading reading() {
        return reading;
    }

    LinkScheduler scheduler() {
        return scheduler;
    }

    LinkPadding padding() {
        return padding;
    }

    /// Whether it is one whose ends pad it, unless the client asked for silence.
    boolean isPadded() {
        return padding.isEnabled();
    }

    /// A fixed cell came, of whatever kind.
    void onCellRead(Cell cell) {
        statistics().padding().read(cell.command() == CellCommand.PADDING, isPadded());
    }

    /// Cells left for the socket, none of them PADDING.
    void onCellsWritten(int count) {
        statistics().padding().written(count, isPadded());
    }

    void onPaddingWritten() {
        links.counters().count(LinkCounters.Kind.PADDING_SENT);
        statistics().padding().paddingWritten(isPadded());
    }

    RelayStatistics statistics() {
        return links.settings().statistics();
    }

    Channel channel() {
        return channel;
    }

    /// Nothing of the peer: an address may be a person's.
    @Override
    public String toString() {
        return (dialed ? "dialed" : "accepted") + " link, " + circuits.ports() + " circuits";
    }
}
