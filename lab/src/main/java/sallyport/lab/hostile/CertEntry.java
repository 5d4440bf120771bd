package sallyport.lab.hostile;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.bytes.Writer;

/// One certificate of a CERTS cell (tor-spec section 4.2).
record CertEntry(int type, byte[] encoded) {
    /// The body of a CERTS cell.
    static byte[] body(List<CertEntry> certs) {
        Writer out = new Writer().u8(certs.size());
        for (CertEntry cert : certs) {
            out.u8(cert.type).u16(cert.encoded.length).bytes(cert.encoded);
        }
        return out.toBytes();
    }

    /// What a CERTS cell holds.
    static List<CertEntry> parse(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        List<CertEntry> certs = new ArrayList<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            int type = in.readUnsignedByte();
            byte[] encoded = new byte[in.readUnsignedShort()];
            in.readFully(encoded);
            certs.add(new CertEntry(type, encoded));
        }
        return certs;
    }

    /// The list with every certificate of this one's type replaced by it.
    List<CertEntry> instead(List<CertEntry> certs) {
        return certs.stream().map(cert -> cert.type == type ? this : cert).toList();
    }

    /// The list with this one behind it.
    List<CertEntry> behind(List<CertEntry> certs) {
        List<CertEntry> all = new ArrayList<>(certs);
        all.add(this);
        return all;
    }

    /// The list without certificates of a type.
    static List<CertEntry> without(List<CertEntry> certs, int type) {
        return certs.stream().filter(cert -> cert.type != type).toList();
    }
}
