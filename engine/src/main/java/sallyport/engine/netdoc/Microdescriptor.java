package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;

/// What a microdescriptor (dir-spec 3.3) tells us of a relay. It is not signed: whoever reads one
/// believes it only where a verified consensus names its digest.
///
/// @param digest SHA-256 of its text
/// @param ed25519 the relay's Ed25519 identity, where it has one
/// @param ntorKey 32 bytes
/// @param ipv4Ports where it lets clients out, as an exit
/// @param ipv6Ports the same of IPv6
/// @param family whom it names as run by the same operator: `$` and fingerprint, or a nickname; and the ids of
///     families that it has proved to be of (proposal 321)
/// @param encoded its text, to be kept
@SuppressWarnings("ArrayRecordComponent")
public record Microdescriptor(
        byte[] digest,
        byte @Nullable [] ed25519,
        byte[] ntorKey,
        PortSummary ipv4Ports,
        PortSummary ipv6Ports,
        Family family,
        byte[] encoded) {
    /// See [Microdescriptor#family].
    public record Family(Set<String> members, Set<String> ids) {
        /// Of a relay on its own.
        public static final Family NONE = new Family(Set.of(), Set.of());

        public Family {
            members = Set.copyOf(members);
            ids = Set.copyOf(ids);
        }
    }

    private static final int KEY_BYTES = 32;
    // Ours: an honest one has less than 2 KiB; long family lists make some ten times longer.
    private static final int BYTES_MAX = 128 * 1024;

    private static final byte[] START = Search.ascii("onion-key");
    private static final byte[] NEXT = Search.ascii("\nonion-key");
    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("onion-key", 0).with(ObjectRule.KEY_ALLOWED).at(Place.FIRST),
            Rule.once("ntor-onion-key", 1),
            Rule.atMostOnce("family", 0),
            Rule.atMostOnce("family-ids", 0),
            Rule.atMostOnce("p", 0),
            Rule.atMostOnce("p6", 0),
            Rule.any("id", 2));

    /// Reads what stands in a document one after the other; those that are misshapen are left out, as C
    /// tor does: one relay's oddity must not hide the others.
    ///
    /// @throws Malformed when the document does not begin with a microdescriptor
    public static List<Microdescriptor> parseAll(byte[] document) throws Malformed {
        if (document.length == 0) {
            return List.of();
        }
        if (!Search.startsWith(document, 0, document.length, START)) {
            throw new Malformed("not microdescriptors");
        }
        List<Microdescriptor> out = new ArrayList<>();
        int at = 0;
        while (at >= 0) {
            int next = Search.indexOf(document, at, document.length, NEXT);
            int end = next < 0 ? document.length : next + 1;
            Microdescriptor one = parse(document, at, end);
            if (one != null) {
                out.add(one);
            }
            at = next < 0 ? -1 : next + 1;
        }
        return out;
    }

    private static @Nullable Microdescriptor parse(byte[] document, int from, int to) {
        try {
            if (to - from > BYTES_MAX) {
                return null;
            }
            Items items = Items.read(document, from, to, SYNTAX);
            byte[] text = Arrays.copyOfRange(document, from, to);
            byte[] ntor = Values.base64(items.one("ntor-onion-key").argument(0), KEY_BYTES);
            return new Microdescriptor(
                    Hashes.sha256(text),
                    ed25519(items.all("id")),
                    ntor,
                    ports(items.maybe("p")),
                    ports(items.maybe("p6")),
                    family(items),
                    text);
        } catch (Malformed e) {
            return null;
        }
    }

    private static PortSummary ports(@Nullable Item line) {
        return line == null ? PortSummary.REJECT_ALL : PortSummary.of(line.line());
    }

    private static Family family(Items items) {
        Set<String> members = words(items.maybe("family"));
        Set<String> ids = words(items.maybe("family-ids"));
        return members.isEmpty() && ids.isEmpty() ? Family.NONE : new Family(members, ids);
    }

    /// Families may have more members than a line has arguments.
    private static Set<String> words(@Nullable Item line) {
        return line == null || line.line().isEmpty()
                ? Set.of()
                : new HashSet<>(List.of(line.line().split("[ \t]+")));
    }

    private static byte @Nullable [] ed25519(List<Item> lines) throws Malformed {
        byte[] key = null;
        for (Item line : lines) {
            if (line.argument(0).equals("ed25519")) {
                if (key != null) {
                    throw new Malformed("two Ed25519 identities");
                }
                key = Values.base64(line.argument(1), KEY_BYTES);
            }
        }
        return key;
    }
}
