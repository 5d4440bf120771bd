package sallyport.engine.link;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Where the fields of CERTS and AUTHENTICATE are in a cell: for tests that touch each of them. Written from tor-spec
/// "CERTS cells" and cert-spec, not from our codecs.
final class CellFields {
    /// Four bytes of id, the command, two of length.
    private static final int BODY = 7;
    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_LENGTH = 0x80;

    private final ByteBuffer cell;
    private final TreeSet<Integer> positions = new TreeSet<>();

    private CellFields(byte[] cell) {
        this.cell = ByteBuffer.wrap(cell);
    }

    /// The first, a middle and the last byte of every field of every certificate.
    static List<Integer> ofCerts(byte[] cell) {
        CellFields fields = new CellFields(cell);
        int at = fields.field(BODY, 1);
        for (int left = cell[BODY]; left > 0; left--) {
            int type = cell[at];
            int length = fields.cell.getShort(at + 1);
            at = fields.field(at, 1);
            at = fields.field(at, 2);
            switch (type) {
                case 1, 2 -> fields.der(at, at + length);
                case 4, 5, 6 -> fields.ed25519(at, at + length);
                // RSA over Ed25519: the key, hours until it ends, the signature.
                case 7 -> fields.inTurn(at, 32, 4, 1, 128);
                default -> throw new AssertionError("certificate of type " + type);
            }
            at += length;
        }
        return fields.all();
    }

    /// The same of AUTHENTICATE by method 3.
    static List<Integer> ofAuthenticate(byte[] cell) {
        CellFields fields = new CellFields(cell);
        // Method, length; TYPE, CID, SID, CID_ED, SID_ED, SLOG, CLOG, SCERT, TLSSECRETS, RAND, SIG.
        int end = fields.inTurn(BODY, 2, 2, 8, 32, 32, 32, 32, 32, 32, 32, 32, 24, 64);
        if (end != cell.length) {
            throw new AssertionError("AUTHENTICATE ends at " + end + ", not at " + cell.length);
        }
        return fields.all();
    }

    private List<Integer> all() {
        return new ArrayList<>(positions);
    }

    private int inTurn(int from, int... lengths) {
        int at = from;
        for (int length : lengths) {
            at = field(at, length);
        }
        return at;
    }

    private int field(int at, int length) {
        positions.add(at);
        positions.add(at + length / 2);
        positions.add(at + length - 1);
        return at + length;
    }

    private void ed25519(int from, int end) {
        // Version, type, hours until it ends, kind of key, key, how many extensions.
        int at = inTurn(from, 1, 1, 4, 1, 32, 1);
        for (int left = cell.get(at - 1); left > 0; left--) {
            int length = cell.getShort(at);
            at = inTurn(at, 2, 1, 1, length);
        }
        if (field(at, 64) != end) {
            throw new AssertionError("an Ed25519 certificate of another shape");
        }
    }

    /// Tag, length and content of each element, however deep.
    private void der(int from, int end) {
        int at = from;
        while (at < end) {
            int tag = cell.get(at) & 0xff;
            at = field(at, 1);
            int length = cell.get(at) & 0xff;
            if (length >= LONG_LENGTH) {
                int bytes = length - LONG_LENGTH;
                length = bytes == 1 ? cell.get(at + 1) & 0xff : cell.getShort(at + 1) & 0xffff;
                at = field(at, 1 + bytes);
            } else {
                at = field(at, 1);
            }
            if ((tag & CONSTRUCTED) != 0) {
                der(at, at + length);
            } else if (length > 0) {
                field(at, length);
            }
            at += length;
        }
    }
}
