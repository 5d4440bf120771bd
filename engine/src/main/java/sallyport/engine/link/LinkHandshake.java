package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cert.PeerCertificates;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.cert.RsaCertificate;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.LinkCredentials;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;

/// One link handshake, in either role, from the end of the TLS handshake until the link is open (tor-spec
/// "Negotiating and initializing connections"):
///
/// ```
/// initiator                         responder
/// VERSIONS                      ->
///                              <-   VERSIONS CERTS AUTH_CHALLENGE NETINFO
/// CERTS AUTHENTICATE NETINFO    ->
/// ```
///
/// A client leaves CERTS and AUTHENTICATE out. Whatever does not fit is a [ProtocolViolation] that closes
/// the link.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class LinkHandshake {
    /// What follows from a handshake.
    interface Outcome {
        /// Dialed links: the peer proved an identity; says whether it is the wanted one. If not, the link
        /// is closed.
        boolean isExpected(PeerIdentity peer);

        void onOpen(LinkPeer peer);
    }

    /// Where work is done that is too much for the loop; nothing of this link is read meanwhile.
    interface Patience {
        /// `then` runs on the loop, unless the link closed or is refused.
        <T> void await(Callable<T> work, Then<T> then);
    }

    /// What follows from a worker's answer; exactly one of both is null.
    interface Then<T> {
        void done(@Nullable T value, @Nullable Throwable failure) throws ProtocolViolation;
    }

    private final Links links;
    private final Link link;
    private final Channel channel;
    private final CellFraming framing;
    private final Outcome outcome;
    private final Patience patience;
    private final LinkTls.Session tls;
    private final LinkCredentials credentials;
    private final byte[] responderCertificate;

    private final MessageDigest sent = Hashes.incremental("SHA-256");
    private final MessageDigest received = Hashes.incremental("SHA-256");
    private boolean recordSent = true;
    private byte @Nullable [] sentLog;

    private int version;
    private long versionsNanos;
    private boolean certsSeen;
    private boolean challengeSeen;
    private boolean netinfoSent;
    private @Nullable PeerIdentity claimed;
    private byte @Nullable [] claimedRsaCertificate;
    private boolean authenticated;

    /// The TLS handshake is done.
    /// @throws SSLException when TLS cannot say what it agreed on
    LinkHandshake(
            Links links,
            Link link,
            Channel channel,
            CellFraming framing,
            LinkTls.Session tls,
            Outcome outcome,
            Patience patience)
            throws SSLException {
        this.links = links;
        this.link = link;
        this.channel = channel;
        this.framing = framing;
        this.outcome = outcome;
        this.patience = patience;
        this.tls = tls;
        this.responderCertificate = tls.responderCertificate();
        this.credentials = link.isDialed() ? links.settings().credentials().get() : tls.presented();
    }

    void start() {
        framing.transcript(received);
        if (link.isDialed()) {
            send(CellCommand.VERSIONS, HandshakeCells.versions());
            flush();
        }
    }

    /// Takes a fixed cell.
    void onFixed(Cell cell) throws ProtocolViolation {
        link.onCellRead(cell);
        try {
            if (version == 0 || cell.command() != CellCommand.NETINFO) {
                throw ProtocolViolation.link("link: fixed cell during the handshake");
            }
            onNetinfo(Netinfo.decode(new Reader(cell.array(), Cell.BODY, Cell.BODY_LENGTH)));
        } catch (Malformed e) {
            throw violation(e);
        } finally {
            cell.release();
        }
    }

    /// A variable-length cell; of padding and unknown ones the body is empty.
    void onVariable(int circuitId, int command, byte[] body) throws ProtocolViolation {
        try {
            switch (command) {
                case CellCommand.VERSIONS -> onVersions(body);
                case CellCommand.VPADDING, CellCommand.AUTHORIZE -> {}
                case CellCommand.CERTS -> onCerts(circuitId, body);
                case CellCommand.AUTH_CHALLENGE -> onAuthChallenge(circuitId, body);
                case CellCommand.AUTHENTICATE -> onAuthenticate(body);
                default -> need(version != 0, "link: cell before VERSIONS");
            }
        } catch (Malformed e) {
            throw violation(e);
        }
    }

    private void onVersions(byte[] body) throws Malformed, ProtocolViolation {
        if (version != 0) {
            // C tor drops it.
            links.settings().faults().count("link: second VERSIONS");
            return;
        }
        int chosen = HandshakeCells.chooseVersion(body);
        need(chosen != 0, "link: no common version");
        if (!link.isDialed()) {
            send(CellCommand.VERSIONS, HandshakeCells.versions());
        }
        version = chosen;
        versionsNanos = links.turnNanos();
        framing.circuitIdBytes(circuitIdBytes());
        if (link.isDialed()) {
            if (links.settings().authenticates()) {
                send(CellCommand.CERTS, HandshakeCells.initiatorCerts(credentials));
            }
        } else {
            send(CellCommand.CERTS, HandshakeCells.responderCerts(credentials));
            byte[] challenge = links.world().entropy().secret(HandshakeCells.CHALLENGE_BYTES);
            send(CellCommand.AUTH_CHALLENGE, HandshakeCells.authChallenge(challenge));
            sentLog = endSentLog();
            sendNetinfo();
        }
        flush();
    }

    private void onCerts(int circuitId, byte[] body) throws Malformed, ProtocolViolation {
        need(version != 0, "link: cell before VERSIONS");
        need(circuitId == 0, "link: CERTS with a circuit id");
        need(!certsSeen, "link: second CERTS");
        certsSeen = true;
        Map<Integer, byte[]> certs = HandshakeCells.certs(body);
        Instant now = links.world().clock().instant();
        boolean dialed = link.isDialed();
        claimedRsaCertificate = certs.get(PeerCertificates.RSA_IDENTITY);
        // Half a millisecond: five signatures and a certificate to parse.
        patience.await(
                () -> PeerCertificates.verify(certs, responderCertificate, dialed, now),
                (peer, failure) -> onCertsChecked(answer(peer, failure)));
    }

    private void onCertsChecked(PeerIdentity peer) throws ProtocolViolation {
        claimed = peer;
        if (link.isDialed()) {
            need(outcome.isExpected(peer), "link: another relay answered");
            authenticated = true;
        }
    }

    private void onAuthChallenge(int circuitId, byte[] body) throws Malformed, ProtocolViolation {
        PeerIdentity responder = claimed;
        if (!link.isDialed() || responder == null) {
            throw ProtocolViolation.link("link: AUTH_CHALLENGE out of place");
        }
        need(circuitId == 0, "link: AUTH_CHALLENGE with a circuit id");
        need(!challengeSeen, "link: second AUTH_CHALLENGE");
        challengeSeen = true;
        byte[] responderLog = received.digest();
        framing.transcript(null);
        if (links.settings().authenticates() && HandshakeCells.offersEd25519(body)) {
            Authenticate binding = new Authenticate(
                    Hashes.sha256(links.settings().identity().rsaPkcs1()),
                    responder.rsaIdSha256(),
                    links.settings().identity().ed25519(),
                    responder.ed25519(),
                    responderLog,
                    endSentLog(),
                    Hashes.sha256(responderCertificate),
                    tlsSecrets(Hashes.sha256(links.settings().identity().rsaPkcs1())));
            byte[] random = links.world().entropy().secret(Authenticate.RANDOM_BYTES);
            send(CellCommand.AUTHENTICATE, binding.sign(credentials.authSecret(), random));
        }
        sendNetinfo();
        flush();
    }

    private void onAuthenticate(byte[] body) throws Malformed, ProtocolViolation {
        PeerIdentity initiator = claimed;
        byte[] responderLog = sentLog;
        byte[] authKey = initiator == null ? null : initiator.authKey();
        if (link.isDialed() || authenticated || initiator == null || authKey == null || responderLog == null) {
            throw ProtocolViolation.link("link: AUTHENTICATE out of place");
        }
        Authenticate expected = new Authenticate(
                initiator.rsaIdSha256(),
                Hashes.sha256(links.settings().identity().rsaPkcs1()),
                initiator.ed25519(),
                links.settings().identity().ed25519(),
                responderLog,
                received.digest(),
                Hashes.sha256(responderCertificate),
                tlsSecrets(initiator.rsaIdSha256()));
        patience.await(
                () -> {
                    expected.verify(body, authKey);
                    return Boolean.TRUE;
                },
                (verified, failure) -> authenticated = answer(verified, failure));
    }

    private static <T> T answer(@Nullable T value, @Nullable Throwable failure) throws ProtocolViolation {
        if (failure instanceof Malformed e) {
            throw violation(e);
        }
        if (value == null) {
            throw new IllegalStateException("the check of a peer's signatures failed", failure);
        }
        return value;
    }

    private void onNetinfo(Netinfo netinfo) throws Malformed, ProtocolViolation {
        need(authenticated || !link.isDialed(), "link: NETINFO before CERTS");
        if (!netinfoSent) {
            sendNetinfo();
            flush();
        }
        PeerIdentity peer = authenticated ? claimed : null;
        if (peer != null && (link.isDialed() || links.settings().relays().get().isKnownRelay(peer.rsaDigest()))) {
            links.clockSkew().note(peer.rsaDigest(), netinfo.timestampSeconds(), links.turnNanos() - versionsNanos);
        }
        byte[] certificate = claimedRsaCertificate;
        byte[] peerIp = link.peerAddress().ipForWire();
        tls.end();
        outcome.onOpen(new LinkPeer(
                version,
                peer,
                peer == null || certificate == null
                        ? null
                        : RsaCertificate.decode(certificate).key().getModulus(),
                peer != null && (netinfo.claims(peerIp) || isListedHere(peer)),
                isOurs(netinfo.otherAddress())));
    }

    private boolean isListedHere(PeerIdentity peer) {
        KnownRelay known = links.settings().relays().get().byRsa(peer.rsaDigest());
        return known != null
                && (known.ed25519() == null || Arrays.equals(known.ed25519(), peer.ed25519()))
                && known.orAddresses().stream().anyMatch(link::isAt);
    }

    private boolean isOurs(byte[] ip) {
        for (RelayAddress address : links.publishedAddresses()) {
            if (Arrays.equals(address.ip(), ip)) {
                return true;
            }
        }
        return false;
    }

    private byte[] tlsSecrets(byte[] initiatorRsa) throws ProtocolViolation {
        try {
            return tls.export(Authenticate.EXPORTER_LABEL, initiatorRsa, Authenticate.EXPORTED_BYTES);
        } catch (SSLException e) {
            throw ProtocolViolation.link("link: TLS exports nothing");
        }
    }

    private byte[] endSentLog() {
        recordSent = false;
        return sent.digest();
    }

    private void sendNetinfo() {
        netinfoSent = true;
        List<byte[]> ours = new ArrayList<>();
        for (RelayAddress address : links.publishedAddresses()) {
            ours.add(address.ip());
        }
        long seconds = links.world().clock().instant().getEpochSecond();
        byte[] body = new Netinfo(seconds, link.peerAddress().ipForWire(), ours).encode();
        ByteBuf out = header(CellCommand.NETINFO, body.length);
        channel.write(out.writeBytes(body), channel.voidPromise());
        link.onCellsWritten(1);
    }

    private void send(int command, byte[] body) {
        ByteBuf out = header(command, body.length + 2).writeShort(body.length).writeBytes(body);
        if (recordSent) {
            sent.update(out.nioBuffer());
        }
        channel.write(out, channel.voidPromise());
        link.onCellsWritten(1);
    }

    private void flush() {
        channel.flush();
        link.onWritten();
    }

    private ByteBuf header(int command, int bytesToFollow) {
        ByteBuf out = channel.alloc().directBuffer(circuitIdBytes() + 1 + bytesToFollow);
        return out.writeZero(circuitIdBytes()).writeByte(command);
    }

    /// tor-spec "Cell packet format": VERSIONS always has ids of two bytes, no version being chosen yet.
    private int circuitIdBytes() {
        return version >= 4 ? 4 : 2;
    }

    private static void need(boolean holds, String what) throws ProtocolViolation {
        if (!holds) {
            throw ProtocolViolation.link(what);
        }
    }

    /// `Malformed` carries a constant text, which names the kind.
    private static ProtocolViolation violation(Malformed e) {
        return ProtocolViolation.link(String.valueOf(e.getMessage()));
    }
}
