package sallyport.engine.cell;

import java.nio.charset.StandardCharsets;

/// "What is its address?" or, for a name below `in-addr.arpa` or `ip6.arpa`, its name (tor-spec "Remote hostname
/// lookup").
public record ResolveMessage(String name) implements StreamMessage {
    @Override
    public int command() {
        return RelayCommand.RESOLVE;
    }

    /// The name ends at the first zero byte or, as C tor takes it, with the body.
    public static ResolveMessage decode(byte[] array, int offset, int length) {
        int end = 0;
        while (end < length && array[offset + end] != 0) {
            end++;
        }
        return new ResolveMessage(new String(array, offset, end, StandardCharsets.ISO_8859_1));
    }

    @Override
    public byte[] encode() {
        return (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "RESOLVE [scrubbed]";
    }
}
