package sallyport.engine.bytes;

import java.util.HexFormat;

/// Hexadecimal text.
public final class Hex {
    private static final HexFormat LOWER = HexFormat.of();
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    private Hex() {}

    public static String lower(byte[] bytes) {
        return LOWER.formatHex(bytes);
    }

    public static String upper(byte[] bytes) {
        return UPPER.formatHex(bytes);
    }

    /// @throws Malformed for an odd length or a character that is no hex digit of either case
    public static byte[] decode(CharSequence text) throws Malformed {
        try {
            return LOWER.parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new Malformed("not hexadecimal");
        }
    }
}
