package sallyport.engine.cell;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The answers to a RESOLVE, in order (tor-spec "Remote hostname lookup").
public record ResolvedMessage(List<Answer> answers) implements StreamMessage {
    public static final int HOSTNAME = 0x00;
    public static final int IPV4 = 0x04;
    public static final int IPV6 = 0x06;
    public static final int ERROR_TRANSIENT = 0xf0;
    public static final int ERROR_PERMANENT = 0xf1;

    private static final byte[] ERROR_TEXT = "Error resolving hostname".getBytes(StandardCharsets.US_ASCII);

    public ResolvedMessage {
        answers = List.copyOf(answers);
    }

    /// One answer. `value` has at most 255 bytes: an address, a name, or the text of an error.
    public record Answer(int type, byte[] value, long ttlSeconds) {
        @Override
        public String toString() {
            return "[scrubbed]";
        }
    }

    /// A single error, with C tor's text.
    public static ResolvedMessage error(boolean isTransient, long ttlSeconds) {
        int type = isTransient ? ERROR_TRANSIENT : ERROR_PERMANENT;
        return new ResolvedMessage(List.of(new Answer(type, ERROR_TEXT, ttlSeconds)));
    }

    @Override
    public int command() {
        return RelayCommand.RESOLVED;
    }

    /// @throws ProtocolViolation of the stream, TORPROTOCOL, where an answer is cut short
    public static ResolvedMessage decode(byte[] array, int offset, int length) throws ProtocolViolation {
        List<Answer> answers = new ArrayList<>();
        Reader reader = new Reader(array, offset, length);
        try {
            while (reader.remaining() > 0) {
                int type = reader.u8();
                answers.add(new Answer(type, reader.bytes(reader.u8()), reader.u32()));
            }
        } catch (Malformed e) {
            throw ProtocolViolation.stream(EndReason.TORPROTOCOL, "RESOLVED shape");
        }
        return new ResolvedMessage(answers);
    }

    @Override
    public byte[] encode() {
        Writer out = new Writer(RelayCell.DATA_MAX);
        for (Answer answer : answers) {
            out.u8(answer.type())
                    .u8(answer.value().length)
                    .bytes(answer.value())
                    .u32(answer.ttlSeconds());
        }
        return out.toBytes();
    }

    @Override
    public String toString() {
        return "RESOLVED with " + answers.size() + " answers";
    }
}
