package sallyport.engine.bytes;

import java.util.Base64;

/// Base64 as Tor writes it: standard alphabet, without padding in single values, wrapped at 64 columns with LF in
/// objects.
public final class Base64Text {
    private static final Base64.Encoder UNPADDED = Base64.getEncoder().withoutPadding();
    private static final Base64.Encoder WRAPPED = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Base64Text() {}

    /// One unpadded value ("b64np").
    public static String unpadded(byte[] bytes) {
        return UNPADDED.encodeToString(bytes);
    }

    /// Padded lines of 64 columns, each ended by LF.
    public static String wrapped(byte[] bytes) {
        return WRAPPED.encodeToString(bytes) + "\n";
    }

    /// Decodes padded or unpadded text without line breaks.
    public static byte[] decode(String text) throws Malformed {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Malformed("not base64");
        }
    }

    /// Decodes the body of an object: lines ended by LF, padding optional.
    public static byte[] decodeWrapped(String lines) throws Malformed {
        return decode(lines.replace("\n", ""));
    }
}
