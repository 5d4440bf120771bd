package sallyport.engine.dircache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

/// The digests that a path names. As C tor, what is none is passed over, each counts once, and they are
/// sorted.
public final class Resources {
    static final int SHA1_BYTES = 20;
    static final int SHA256_BYTES = 32;
    // 32 bytes in base64 without padding.
    private static final int BASE64_CHARS = 43;

    private static final Comparator<byte[]> UNSIGNED = Arrays::compareUnsigned;

    private Resources() {}

    /// `HEX+HEX...`, 20 bytes each.
    public static List<byte[]> sha1s(String list) {
        TreeSet<byte[]> found = new TreeSet<>(UNSIGNED);
        for (String one : list.split("\\+", -1)) {
            if (one.length() == 2 * SHA1_BYTES) {
                try {
                    found.add(Hex.decode(one));
                } catch (Malformed e) {
                    // Passed over.
                }
            }
        }
        return new ArrayList<>(found);
    }

    /// `HEX-HEX+HEX-HEX...`: pairs of 20 bytes each, as 40 in one.
    static List<byte[]> sha1Pairs(String list) {
        TreeSet<byte[]> found = new TreeSet<>(UNSIGNED);
        for (String one : list.split("\\+", -1)) {
            if (one.length() == 4 * SHA1_BYTES + 1 && one.charAt(2 * SHA1_BYTES) == '-') {
                try {
                    found.add(Hex.decode(one.substring(0, 2 * SHA1_BYTES) + one.substring(2 * SHA1_BYTES + 1)));
                } catch (Malformed e) {
                    // Passed over.
                }
            }
        }
        return new ArrayList<>(found);
    }

    /// `BASE64-BASE64...`, 32 bytes each.
    static List<byte[]> sha256s(String list) {
        TreeSet<byte[]> found = new TreeSet<>(UNSIGNED);
        for (String one : list.split("-", -1)) {
            if (one.length() == BASE64_CHARS) {
                try {
                    byte[] digest = Base64.getDecoder().decode(one);
                    if (digest.length == SHA256_BYTES) {
                        found.add(digest);
                    }
                } catch (IllegalArgumentException e) {
                    // Passed over.
                }
            }
        }
        return new ArrayList<>(found);
    }
}
