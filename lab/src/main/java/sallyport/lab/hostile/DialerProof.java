package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.AUTHENTICATE;
import static sallyport.engine.cell.CellCommand.CERTS;
import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.engine.cell.CellCommand.NETINFO;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Writer;

/// What a relay that dialed us shows to prove who it is, each part computed again from our end of the link
/// (tor-spec sections 4.2 and 4.4.2).
final class DialerProof {
    // Version, type, expiration and key type stand before the key.
    private static final int KEY_AT = 7;
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final int HEAD_BYTES = 4;

    private final FakeRelay us;
    private final RelayFacts dialer;
    private final CellWire wire;
    private final byte[] saidByUs;
    private List<CertEntry> certs = List.of();

    private DialerProof(FakeRelay us, RelayFacts dialer, CellWire wire) {
        this.us = us;
        this.dialer = dialer;
        this.wire = wire;
        this.saidByUs = wire.sentDigest();
    }

    /// Accepts the subject's link up to its first CREATE2.
    static String read(FakeRelay us, Bench bench) throws IOException {
        CellWire wire = bench.closeLater(us.greet());
        DialerProof proof = new DialerProof(us, bench.relay(), wire);
        us.netinfo(wire);
        StringBuilder said = new StringBuilder();
        while (true) {
            byte[] before = wire.receivedDigest();
            WireCell cell = wire.next();
            switch (cell.command()) {
                case CERTS -> said.append(proof.certs(cell.body())).append(", ");
                case AUTHENTICATE ->
                    said.append(proof.authenticate(cell.body(), before)).append(", ");
                case CREATE2 -> {
                    return said + "then CREATE2";
                }
                default -> {
                    if (cell.command() != NETINFO) {
                        said.append(ClientLink.text(cell)).append(", ");
                    }
                }
            }
        }
    }

    private String certs(byte[] body) throws IOException {
        certs = CertEntry.parse(body);
        byte[] signing = cert(4);
        if (!Arrays.equals(Digests.sha1().digest(rsaKey()), dialer.rsaId())) {
            return "CERTS of another RSA identity";
        }
        return isSigned(signing, dialer.ed25519()) && isSigned(cert(6), key(signing))
                ? "CERTS hold"
                : "CERTS with a signature that does not hold";
    }

    /// @param saidByThem SHA-256 of what came before
    private String authenticate(byte[] body, byte[] saidByThem) throws IOException {
        byte[] due = new Writer()
                .u16(Authentication.METHOD)
                .u16(Authentication.UNSIGNED_BYTES + SIGNATURE_BYTES)
                .bytes(Authentication.fields(
                        rsaKey(),
                        us.identity().rsaPublicKey(),
                        dialer.ed25519(),
                        us.identity().ed25519(),
                        saidByUs,
                        saidByThem,
                        us.linkCertificate(),
                        wire))
                .toBytes();
        if (body.length != HEAD_BYTES + Authentication.UNSIGNED_BYTES + SIGNATURE_BYTES) {
            return "AUTHENTICATE of " + body.length + " bytes";
        }
        int differs = Arrays.mismatch(Arrays.copyOf(body, due.length), due);
        if (differs >= 0) {
            return "AUTHENTICATE differs at byte " + differs;
        }
        int signedTo = HEAD_BYTES + Authentication.UNSIGNED_BYTES;
        boolean holds = EdKey.verifies(
                key(cert(6)),
                Arrays.copyOfRange(body, HEAD_BYTES, signedTo),
                Arrays.copyOfRange(body, signedTo, body.length));
        return holds ? "AUTHENTICATE holds" : "AUTHENTICATE with a signature that does not hold";
    }

    private byte[] rsaKey() throws IOException {
        return Identity.pkcs1(Certificates.parsed(cert(2)).getPublicKey());
    }

    private byte[] cert(int type) throws IOException {
        for (CertEntry cert : certs) {
            if (cert.type() == type) {
                return cert.encoded();
            }
        }
        throw new IOException("no certificate of type " + type);
    }

    private static byte[] key(byte[] cert) {
        return Arrays.copyOfRange(cert, KEY_AT, KEY_AT + KEY_BYTES);
    }

    private static boolean isSigned(byte[] cert, byte[] by) {
        int signedTo = cert.length - SIGNATURE_BYTES;
        return EdKey.verifies(by, Arrays.copyOf(cert, signedTo), Arrays.copyOfRange(cert, signedTo, cert.length));
    }
}
