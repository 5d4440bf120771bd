package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;

/// Writes microdescriptors (dir-spec 3.3): what clients need of a descriptor, the same whichever
/// authority makes it.
public final class MicrodescriptorText {
    private static final String REJECT_ALL = "reject 1-65535";
    private static final int FINGERPRINT_CHARS = 40;
    private static final int NICKNAME_CHARS_MAX = 19;

    private MicrodescriptorText() {}

    /// The text by a consensus method; null where the relay has no onion key of old, for then C tor makes
    /// none.
    public static byte @Nullable [] of(RelayDescriptor relay, int method) {
        byte[] onionKey = relay.onionKey();
        if (onionKey == null) {
            return null;
        }
        StringBuilder text = new StringBuilder("onion-key\n").append(Rsa.publicPem(onionKey));
        line(text, "ntor-onion-key", Base64Text.unpadded(relay.verified().ntorKey()));
        if (!relay.family().isEmpty()) {
            line(text, "family", canonical(relay.family(), relay.verified().rsaDigest()));
        }
        if (method >= ConsensusMethods.FAMILY_IDS && !relay.familyIds().isEmpty()) {
            line(text, "family-ids", String.join(" ", relay.familyIds()));
        }
        String policy = relay.policy().ipv4Summary();
        if (!policy.equals(REJECT_ALL)) {
            line(text, "p", policy);
        }
        String ipv6Policy = relay.ipv6Policy();
        if (ipv6Policy != null && !ipv6Policy.equals(REJECT_ALL)) {
            line(text, "p6", ipv6Policy);
        }
        line(text, "id ed25519", Base64Text.unpadded(relay.verified().ed25519()));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The values of the `m` lines of a vote: each microdescriptor once, with the methods that make it.
    static List<String> voteLines(RelayDescriptor relay) {
        List<String> lines = new ArrayList<>();
        List<Integer> methods = new ArrayList<>();
        byte[] digest = null;
        for (int method : ConsensusMethods.supported()) {
            byte[] text = of(relay, method);
            if (text == null) {
                return List.of();
            }
            byte[] next = Hashes.sha256(text);
            if (digest != null && !Hashes.equal(digest, next)) {
                lines.add(voteLine(methods, digest));
                methods.clear();
            }
            methods.add(method);
            digest = next;
        }
        if (digest != null) {
            lines.add(voteLine(methods, digest));
        }
        return lines;
    }

    private static String voteLine(List<Integer> methods, byte[] digest) {
        return methods.stream().map(String::valueOf).collect(Collectors.joining(",")) + " sha256="
                + VoteEntry.base64(digest);
    }

    /// Proposal 298: each member once, this relay among them, fingerprints as `$` and upper case without
    /// a nickname, nicknames in lower case, all sorted.
    private static String canonical(List<String> family, byte[] own) {
        TreeSet<String> members = new TreeSet<>();
        members.add("$" + Hex.upper(own));
        for (String member : family) {
            if (member.length() <= NICKNAME_CHARS_MAX && !member.startsWith("$")) {
                members.add(member.toLowerCase(Locale.ROOT));
            } else {
                int from = member.startsWith("$") ? 1 : 0;
                members.add(
                        "$" + member.substring(from, from + FINGERPRINT_CHARS).toUpperCase(Locale.ROOT));
            }
        }
        return String.join(" ", members);
    }

    private static void line(StringBuilder text, String keyword, String value) {
        text.append(keyword).append(' ').append(value).append('\n');
    }
}
