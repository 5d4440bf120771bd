package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.AUTHENTICATE;
import static sallyport.engine.cell.CellCommand.AUTH_CHALLENGE;
import static sallyport.engine.cell.CellCommand.CERTS;
import static sallyport.engine.cell.CellCommand.NETINFO;
import static sallyport.engine.cell.CellCommand.VERSIONS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import sallyport.engine.bytes.Writer;

/// A relay that no consensus lists, for others to extend to: it accepts links and does only what it is told.
final class FakeRelay implements AutoCloseable {
    // Making an RSA key takes long, and nobody looks whether two relays have the same link key.
    private static final KeyPair LINK_KEY = Identity.rsaKey(2048);

    private final Identity identity;
    private final byte[] linkCertificate;
    private final SSLServerSocket listener;

    /// @param address where to listen, on a port of the system's choice
    FakeRelay(Identity identity, InetAddress address) throws IOException {
        this.identity = identity;
        this.linkCertificate = Certificates.linkCertificate(LINK_KEY, identity);
        this.listener = (SSLServerSocket) Tls.server(LINK_KEY.getPrivate(), Certificates.parsed(linkCertificate))
                .getServerSocketFactory()
                .createServerSocket(0, 50, address);
        listener.setSoTimeout(CellWire.PATIENCE_MILLIS);
    }

    /// What a client would have to know of us.
    RelayFacts facts() {
        return new RelayFacts(
                (InetSocketAddress) listener.getLocalSocketAddress(),
                identity.rsaId(),
                identity.ed25519(),
                new X25519Key().point());
    }

    /// Accepts the next link and completes its handshake as an honest relay does.
    CellWire accept() throws IOException {
        return accept(identity.responderCerts(linkCertificate));
    }

    /// Accepts the next link and says to be somebody else.
    CellWire acceptAs(Identity other) throws IOException {
        return accept(other.responderCerts(linkCertificate));
    }

    /// Accepts the next link and shows these certificates.
    private CellWire accept(List<CertEntry> certs) throws IOException {
        CellWire wire = greet(certs);
        netinfo(wire);
        return wire;
    }

    /// Accepts the next link and says everything up to AUTH_CHALLENGE, as an honest relay does.
    CellWire greet() throws IOException {
        return greet(identity.responderCerts(linkCertificate));
    }

    private CellWire greet(List<CertEntry> certs) throws IOException {
        CellWire wire = CellWire.accepted((SSLSocket) listener.accept());
        wire.next();
        wire.send(0, VERSIONS, new Writer().u16(4).u16(5).toBytes());
        wire.widen();
        wire.send(0, CERTS, CertEntry.body(certs));
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        wire.send(
                0,
                AUTH_CHALLENGE,
                new Writer().bytes(challenge).u16(1).u16(Authentication.METHOD).toBytes());
        return wire;
    }

    /// Says the last word of the handshake.
    void netinfo(CellWire wire) throws IOException {
        byte[] peer = wire.remote().getAddress().getAddress();
        byte[] own = wire.local().getAddress().getAddress();
        wire.send(
                0,
                NETINFO,
                new Writer()
                        .u32(System.currentTimeMillis() / 1_000)
                        .u8(peer.length == 4 ? 4 : 6)
                        .u8(peer.length)
                        .bytes(peer)
                        .u8(1)
                        .u8(own.length == 4 ? 4 : 6)
                        .u8(own.length)
                        .bytes(own)
                        .toBytes());
    }

    /// Who it says it is.
    Identity identity() {
        return identity;
    }

    /// What it shows in TLS, DER.
    byte[] linkCertificate() {
        return linkCertificate;
    }

    /// The next cell of an accepted link that is neither padding nor part of the link's handshake.
    static WireCell next(CellWire wire) throws IOException {
        while (true) {
            WireCell cell = wire.nextButPadding();
            switch (cell.command()) {
                case CERTS, NETINFO, AUTHENTICATE -> {
                    continue;
                }
                default -> {
                    return cell;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
