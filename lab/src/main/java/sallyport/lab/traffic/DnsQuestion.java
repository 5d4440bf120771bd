package sallyport.lab.traffic;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One DNS question and the bytes of its answer (RFC 1035 section 4).
///
/// @param id chosen by the asker
/// @param flags the question's header flags; only RD is of interest
/// @param name as it was written, letter case kept
/// @param type QTYPE
/// @param section the question section's bytes, to be repeated exactly: a resolver that mixes letter case looks
@SuppressWarnings("ArrayRecordComponent") // never compared, and gone with the answer
record DnsQuestion(int id, int flags, String name, int type, byte[] section) {
    static final int TYPE_A = 1;
    static final int TYPE_PTR = 12;
    static final int TYPE_AAAA = 28;

    private static final int HEADER_BYTES = 12;
    private static final int LABEL_MAX = 63;
    private static final int FLAG_RESPONSE = 0x8000;
    private static final int FLAG_AUTHORITATIVE = 0x0400;
    private static final int FLAG_TRUNCATED = 0x0200;
    private static final int FLAG_RECURSION_DESIRED = 0x0100;
    private static final int FLAG_RECURSION_AVAILABLE = 0x0080;
    private static final int CLASS_IN = 1;
    // A compressed name that points at the question, which always begins right behind the header.
    private static final int POINTER_TO_QUESTION = 0xC000 | HEADER_BYTES;

    /// Reads a message with one question; throws a runtime exception on anything else.
    static DnsQuestion parse(ByteBuffer message) {
        int id = message.getShort(0) & 0xFFFF;
        int flags = message.getShort(2) & 0xFFFF;
        if (message.getShort(4) != 1 || (flags & FLAG_RESPONSE) != 0) {
            throw new IllegalArgumentException("not one question");
        }
        message.position(HEADER_BYTES);
        StringBuilder name = new StringBuilder();
        for (int length = message.get() & 0xFF; length != 0; length = message.get() & 0xFF) {
            if (length > LABEL_MAX) {
                throw new IllegalArgumentException("a label too long");
            }
            byte[] label = new byte[length];
            message.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
        }
        int type = message.getShort() & 0xFFFF;
        message.getShort();
        byte[] section = new byte[message.position() - HEADER_BYTES];
        message.get(HEADER_BYTES, section);
        return new DnsQuestion(id, flags, name.toString(), type, section);
    }

    /// The whole answer.
    ///
    /// @param records data of each record, all of the question's type
    /// @param bytesMax a longer answer is truncated to its header, with TC set
    byte[] answer(int code, List<byte[]> records, int ttlSeconds, int bytesMax) {
        byte[] whole = answer(code, 0, records, ttlSeconds);
        return whole.length <= bytesMax ? whole : answer(code, FLAG_TRUNCATED, List.of(), ttlSeconds);
    }

    private byte[] answer(int code, int moreFlags, List<byte[]> records, int ttlSeconds) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeShort(id);
            out.writeShort(FLAG_RESPONSE
                    | FLAG_AUTHORITATIVE
                    | FLAG_RECURSION_AVAILABLE
                    | (flags & FLAG_RECURSION_DESIRED)
                    | moreFlags
                    | code);
            out.writeShort(1);
            out.writeShort(records.size());
            out.writeInt(0);
            out.write(section);
            for (byte[] data : records) {
                out.writeShort(POINTER_TO_QUESTION);
                out.writeShort(type);
                out.writeShort(CLASS_IN);
                out.writeInt(ttlSeconds);
                out.writeShort(data.length);
                out.write(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array does no input or output", e);
        }
        return bytes.toByteArray();
    }
}
