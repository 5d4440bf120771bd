package sallyport.lab.hostile;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.CellCommand;

/// A TLS connection with cells in it, and no idea of what may follow what (tor-spec section 3).
///
/// Blocking; a read that takes longer than [#PATIENCE_MILLIS] fails, for then an answer that was due did
/// not come. Used by one thread.
final class CellWire implements AutoCloseable {
    /// How long an answer may take on a machine that is busy with something else.
    static final int PATIENCE_MILLIS = 40_000;

    private final SSLSocket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final MessageDigest received = Digests.sha256();
    private final MessageDigest sent = Digests.sha256();
    private boolean isWide;

    private CellWire(SSLSocket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /// Connects from an address of ours, on any port, and completes the TLS handshake.
    static CellWire dial(InetSocketAddress to, InetAddress from) throws IOException {
        SSLSocket socket = (SSLSocket) Tls.client().getSocketFactory().createSocket();
        try {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(to, PATIENCE_MILLIS);
            return new CellWire(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// Completes the TLS handshake with somebody who connected.
    static CellWire accepted(SSLSocket socket) throws IOException {
        return new CellWire(socket);
    }

    /// From here on circuit ids have four bytes (tor-spec: "CircID [CIRCID_LEN bytes]", link protocol 4 and
    /// above).
    void widen() {
        isWide = true;
    }

    /// Sends a cell: padded with zeros to 509 bytes or preceded by its length, as the command demands.
    void send(long circuit, int command, byte[] body) throws IOException {
        sendRaw(encoded(circuit, command, body));
    }

    /// The bytes that [#send] sends.
    byte[] encoded(long circuit, int command, byte[] body) {
        boolean isVariable = CellCommand.isVariable(command);
        Writer cell = head(circuit, command);
        if (isVariable) {
            cell.u16(body.length).bytes(body);
        } else {
            cell.bytes(body).bytes(new byte[WireCell.BODY_BYTES - body.length]);
        }
        return cell.toBytes();
    }

    private Writer head(long circuit, int command) {
        Writer cell = new Writer();
        if (isWide) {
            cell.u32(circuit);
        } else {
            cell.u16((int) circuit);
        }
        return cell.u8(command);
    }

    /// Sends bytes as they are. A peer that has closed already is no failure: what it sent before is still
    /// to be read.
    void sendRaw(byte[] bytes) throws IOException {
        sent.update(bytes);
        try {
            out.write(bytes);
            out.flush();
        } catch (SSLException | SocketException peerIsGone) {
            return;
        }
    }

    /// The next cell.
    ///
    /// @throws EOFException when the peer has closed the connection, in whatever manner
    WireCell next() throws IOException {
        try {
            return read();
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within " + PATIENCE_MILLIS / 1_000 + " s", e);
        } catch (SSLException | SocketException closedWithoutAWord) {
            EOFException closed = new EOFException("closed");
            closed.initCause(closedWithoutAWord);
            throw closed;
        }
    }

    /// The next cell that is no padding. Padding alone keeps nobody waiting longer than [#PATIENCE_MILLIS].
    WireCell nextButPadding() throws IOException {
        long begin = System.nanoTime();
        while (true) {
            WireCell cell = next();
            if (cell.command() != CellCommand.PADDING && cell.command() != CellCommand.VPADDING) {
                return cell;
            }
            if (System.nanoTime() - begin > PATIENCE_MILLIS * 1_000_000L) {
                throw new IOException("nothing but padding for " + PATIENCE_MILLIS / 1_000 + " s");
            }
        }
    }

    private WireCell read() throws IOException {
        int idBytes = isWide ? 4 : 2;
        byte[] head = in.readNBytes(idBytes + 1);
        if (head.length < idBytes + 1) {
            throw new EOFException("closed");
        }
        int command = head[idBytes] & 0xFF;
        long circuit = 0;
        for (int i = 0; i < idBytes; i++) {
            circuit = circuit << 8 | (head[i] & 0xFF);
        }
        received.update(head);
        byte[] body;
        if (CellCommand.isVariable(command)) {
            int length = in.readUnsignedShort();
            received.update((byte) (length >>> 8));
            received.update((byte) length);
            body = new byte[length];
        } else {
            body = new byte[WireCell.BODY_BYTES];
        }
        in.readFully(body);
        received.update(body);
        return new WireCell(circuit, command, body);
    }

    /// SHA-256 of everything received so far.
    byte[] receivedDigest() {
        return Digests.soFar(received);
    }

    /// SHA-256 of everything sent so far.
    byte[] sentDigest() {
        return Digests.soFar(sent);
    }

    /// The certificate that the peer showed in TLS, DER.
    byte[] peerCertificate() throws IOException {
        try {
            return socket.getSession().getPeerCertificates()[0].getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    /// Keying material of this TLS connection (RFC 5705).
    byte[] export(String label, byte[] context, int length) throws IOException {
        return ((ExtendedSSLSession) socket.getSession()).exportKeyingMaterialData(label, context, length);
    }

    /// Where we are, seen from here.
    InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// Where the peer is.
    InetSocketAddress remote() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
