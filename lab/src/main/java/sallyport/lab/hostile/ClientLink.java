package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.AUTHENTICATE;
import static sallyport.engine.cell.CellCommand.AUTH_CHALLENGE;
import static sallyport.engine.cell.CellCommand.CERTS;
import static sallyport.engine.cell.CellCommand.CREATED_FAST;
import static sallyport.engine.cell.CellCommand.CREATE_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.CellCommand.NETINFO;
import static sallyport.engine.cell.CellCommand.VERSIONS;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Writer;

/// A link that we dialed, step by step or at once, and what came over it (tor-spec section 4).
final class ClientLink implements AutoCloseable {
    /// tor-spec section 5.1.1: on link protocol 4 and above who dialed sets the top bit.
    static final long TOP_BIT = 0x8000_0000L;

    private static final long SHORT_TOP_BIT = 0x8000;

    private final RelayFacts relay;
    private final CellWire wire;
    private final Deque<WireCell> unread = new ArrayDeque<>();
    private int circuits;
    private boolean saidVersions;
    private boolean saidNetinfo;
    private byte[] responderCerts = new byte[0];
    private final Set<Integer> handshakeCells = new HashSet<>(Set.of(VERSIONS, CERTS, AUTH_CHALLENGE, NETINFO));
    private boolean isWide;
    private boolean isClosed;

    private ClientLink(RelayFacts relay, CellWire wire) {
        this.relay = relay;
        this.wire = wire;
    }

    /// Only TLS.
    ///
    /// @param from the address to dial from: what a relay limits per address, it limits for this one
    static ClientLink dial(RelayFacts relay, InetAddress from) throws IOException {
        return new ClientLink(relay, CellWire.dial(relay.address(), from));
    }

    /// As [#asClient(RelayFacts, InetAddress)] from the loopback address, as all have it that name none.
    static ClientLink asClient(RelayFacts relay) throws IOException {
        return asClient(relay, InetAddress.getLoopbackAddress());
    }

    /// A link as a client has it: nobody vouches for us.
    static ClientLink asClient(RelayFacts relay, InetAddress from) throws IOException {
        ClientLink link = dial(relay, from);
        link.versions(4, 5);
        link.readHandshake();
        link.netinfo();
        return link;
    }

    /// A link as a relay has it.
    static ClientLink asRelay(RelayFacts relay, InetAddress from, Identity identity) throws IOException {
        ClientLink link = dial(relay, from);
        link.versions(4, 5);
        link.readUntil(AUTH_CHALLENGE);
        EdKey auth = EdKey.fresh();
        link.certs(identity.initiatorCerts(auth));
        link.wire.send(0, AUTHENTICATE, link.authentication(identity, auth).body());
        link.readUntil(NETINFO);
        link.netinfo();
        return link;
    }

    /// What is below, for what no honest peer sends.
    CellWire wire() {
        return wire;
    }

    /// To whom it leads.
    RelayFacts relay() {
        return relay;
    }

    void versions(int... versions) throws IOException {
        Writer body = new Writer();
        for (int version : versions) {
            body.u16(version);
            isWide |= version >= 4;
        }
        saidVersions = true;
        wire.send(0, VERSIONS, body.toBytes());
    }

    void certs(List<CertEntry> certs) throws IOException {
        wire.send(0, CERTS, CertEntry.body(certs));
    }

    /// What would prove that we are this relay, once AUTH_CHALLENGE is read.
    Authentication authentication(Identity identity, EdKey authKey) throws IOException {
        for (CertEntry cert : CertEntry.parse(responderCerts)) {
            if (cert.type() == 2) {
                byte[] key = Identity.pkcs1(Certificates.parsed(cert.encoded()).getPublicKey());
                return new Authentication(identity, authKey, wire, relay, key);
            }
        }
        throw new IOException("the responder showed no RSA identity");
    }

    /// What a client says of the time and the addresses: nothing but where it sees the relay.
    void netinfo() throws IOException {
        saidNetinfo = true;
        wire.send(0, NETINFO, netinfoBody());
    }

    byte[] netinfoBody() {
        byte[] address = wire.remote().getAddress().getAddress();
        return new Writer()
                .u32(0)
                .u8(address.length == 4 ? 4 : 6)
                .u8(address.length)
                .bytes(address)
                .u8(0)
                .toBytes();
    }

    /// Reads VERSIONS, CERTS, AUTH_CHALLENGE and NETINFO.
    void readHandshake() throws IOException {
        readUntil(NETINFO);
    }

    /// Reads cells of the handshake up to one of this kind, which is answered.
    WireCell readUntil(int command) throws IOException {
        while (true) {
            WireCell cell = take();
            handshakeCells.remove(cell.command());
            if (cell.command() == command) {
                return cell;
            }
        }
    }

    /// An id that was not used on this link, with the right top bit.
    long freshCircuit() {
        return (isWide ? TOP_BIT : SHORT_TOP_BIT) + ++circuits;
    }

    /// The next cell of a circuit; null when the link is closed.
    @Nullable
    WireCell next(long circuit) throws IOException {
        for (WireCell cell : unread) {
            if (cell.circuit() == circuit) {
                unread.remove(cell);
                return cell;
            }
        }
        while (true) {
            WireCell cell = nextOfAny();
            if (cell == null || cell.circuit() == circuit) {
                return cell;
            }
            unread.add(cell);
        }
    }

    /// What the relay answers to all that was sent on no circuit that lives: every cell that arrives before
    /// a new circuit stands, and `open`; or `closed`. Says first whatever an honest client would have said
    /// by now, so that a link that ends ends by what came before.
    String outcome() throws IOException {
        try {
            if (!saidVersions) {
                versions(4, 5);
            }
            if (!saidNetinfo) {
                if (handshakeCells.contains(NETINFO)) {
                    readHandshake();
                }
                netinfo();
            }
        } catch (EOFException e) {
            isClosed = true;
        }
        List<String> seen = new ArrayList<>();
        // A cell of another circuit may overtake one that waits; it cannot overtake what went before a whole
        // round trip.
        for (int round = 0; round < 2; round++) {
            CreateFast fast = new CreateFast();
            long circuit = freshCircuit();
            wire.send(circuit, CREATE_FAST, fast.request());
            while (true) {
                WireCell cell = nextOfAny();
                if (cell == null) {
                    seen.add("closed");
                    return String.join(", ", seen);
                }
                if (cell.circuit() == circuit && cell.command() == CREATED_FAST) {
                    break;
                }
                seen.add(text(cell));
            }
            wire.send(circuit, DESTROY, new byte[1]);
        }
        seen.add("open");
        return String.join(", ", seen);
    }

    /// Whether the relay has closed the link, as far as we have read.
    boolean isClosed() {
        return isClosed;
    }

    /// A cell as the rows write it.
    static String text(WireCell cell) {
        return cell.command() == DESTROY ? "DESTROY " + cell.body()[0] : cell.name();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private WireCell take() throws IOException {
        WireCell cell = wire.nextButPadding();
        switch (cell.command()) {
            case VERSIONS -> {
                if (isWide) {
                    wire.widen();
                }
            }
            case CERTS -> responderCerts = cell.body();
            default -> {}
        }
        return cell;
    }

    private @Nullable WireCell nextOfAny() throws IOException {
        while (!isClosed) {
            try {
                WireCell cell = take();
                // Of the handshake's cells each comes once, whenever we get to read it.
                if (!handshakeCells.remove(cell.command())) {
                    return cell;
                }
            } catch (EOFException e) {
                isClosed = true;
            }
        }
        return null;
    }
}
