package sallyport.engine.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// A list of numbered extensions, as the encrypted messages of an ntor-v3 handshake carry it (proposal 332 with
/// proposals 324 and 346): count (1), then for each type (1), length (1) and body. Types may repeat, and unknown ones
/// are for the reader to ignore.
public record ExtensionList(List<Extension> extensions) {
    /// A client asks for congestion control; empty.
    public static final int CC_REQUEST = 1;
    /// The relay grants it: the SENDME increment in cells, one byte.
    public static final int CC_RESPONSE = 2;
    /// A client asks for protocol capabilities: pairs of protocol and version, one byte each.
    public static final int SUBPROTOCOL_REQUEST = 3;

    private static final int EXTENSIONS_MAX = 255;
    private static final int BODY_LENGTH_MAX = 255;

    /// @param body at most 255 bytes, shared
    public record Extension(int type, byte[] body) {
        public Extension {
            if (body.length > BODY_LENGTH_MAX) {
                throw new IllegalStateException("extension of " + body.length + " bytes");
            }
        }
    }

    public ExtensionList {
        if (extensions.size() > EXTENSIONS_MAX) {
            throw new IllegalStateException("list of " + extensions.size() + " extensions");
        }
        extensions = List.copyOf(extensions);
    }

    /// Bytes after the last extension are ignored, as C tor does.
    public static ExtensionList decode(Reader in) throws Malformed {
        int count = in.u8();
        List<Extension> extensions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int type = in.u8();
            extensions.add(new Extension(type, in.bytes(in.u8())));
        }
        return new ExtensionList(extensions);
    }

    public byte[] encode() {
        Writer out = new Writer().u8(extensions.size());
        for (Extension extension : extensions) {
            out.u8(extension.type()).u8(extension.body().length).bytes(extension.body());
        }
        return out.toBytes();
    }

    /// The body of the first extension of that type, the only one that counts.
    public Optional<byte[]> first(int type) {
        return extensions.stream()
                .filter(extension -> extension.type() == type)
                .map(Extension::body)
                .findFirst();
    }
}
