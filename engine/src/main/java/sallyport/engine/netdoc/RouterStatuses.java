package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;

/// Reads the relays of a consensus.
final class RouterStatuses {
    // Ours: six times the public network of today.
    static final int RELAYS_MAX = 50_000;
    private static final int MICRODESC_DIGEST_BYTES = 32;
    private static final int DESCRIPTOR_DIGEST_BYTES = 20;
    private static final long U32_MAX = 0xffff_ffffL;

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("r", 7),
            Rule.any("a", 1),
            Rule.once("s", 0),
            Rule.atMostOnce("v", 0),
            Rule.once("pr", 0),
            Rule.atMostOnce("w", 0),
            Rule.atMostOnce("p", 0),
            Rule.any("m", 0));

    // Few combinations of flags exist, and of protocols: relays with the same share one set.
    private final Map<String, Set<String>> flagSets = new HashMap<>();
    private final Map<String, ProtocolVersions> protocols = new HashMap<>();
    private final Flavor flavor;

    private RouterStatuses(Flavor flavor) {
        this.flavor = flavor;
    }

    /// Reads the bytes `[from, to)`: entries, each beginning with an `r` line, and nothing else.
    static List<RouterStatus> parse(byte[] text, int from, int to, Flavor flavor) throws Malformed {
        RouterStatuses reader = new RouterStatuses(flavor);
        List<RouterStatus> out = new ArrayList<>();
        byte[] last = null;
        int at = from;
        while (at < to) {
            int next = Math.min(UnverifiedConsensus.endOfEntry(text, at), to);
            RouterStatus relay = reader.entry(Items.read(text, at, next, SYNTAX));
            // dir-spec 3.4.1: "sorted in ascending order by identity digest".
            if (last != null && relay.compareIdentity(last) <= 0) {
                throw new Malformed("relays out of order");
            }
            if (out.size() == RELAYS_MAX) {
                throw new Malformed("too many relays");
            }
            last = relay.rsaDigest();
            out.add(relay);
            at = next;
        }
        return out;
    }

    private RouterStatus entry(Items items) throws Malformed {
        List<String> r = items.one("r").arguments();
        // ns: nickname identity digest date time ip orport dirport; microdesc: without the digest.
        int afterDigest = flavor == Flavor.NS ? 3 : 2;
        if (r.size() < afterDigest + 5) {
            throw new Malformed("too few arguments in a line");
        }
        String nickname = Values.nickname(r.getFirst());
        byte[] identity = Values.base64(r.get(1), RouterStatus.ID_BYTES);
        byte[] document = document(items, r);
        Times.parse(r.get(afterDigest) + " " + r.get(afterDigest + 1));
        List<RelayAddress> addresses = new ArrayList<>(2);
        addresses.add(Values.ipv4(r.get(afterDigest + 2), r.get(afterDigest + 3)));
        RelayAddress ipv6 = Values.firstIpv6(items.all("a"));
        if (ipv6 != null) {
            addresses.add(ipv6);
        }
        byte[] both = Arrays.copyOf(identity, identity.length + (document == null ? 0 : document.length));
        if (document != null) {
            System.arraycopy(document, 0, both, identity.length, document.length);
        }
        return new RouterStatus(
                both,
                nickname,
                List.copyOf(addresses),
                flags(items.one("s")),
                bandwidth(items),
                protocols.computeIfAbsent(items.one("pr").line(), ProtocolVersions::new));
    }

    private byte @Nullable [] document(Items items, List<String> r) throws Malformed {
        if (flavor == Flavor.NS) {
            return Values.base64(r.get(2), DESCRIPTOR_DIGEST_BYTES);
        }
        Item m = items.maybe("m");
        return m == null ? null : Values.base64(m.line(), MICRODESC_DIGEST_BYTES);
    }

    private Set<String> flags(Item line) throws Malformed {
        Set<String> known = flagSets.get(line.line());
        if (known == null) {
            known = Set.copyOf(new LinkedHashSet<>(line.arguments()));
            flagSets.put(line.line(), known);
        }
        return known;
    }

    private static int bandwidth(Items items) throws Malformed {
        Item w = items.maybe("w");
        for (String argument : w == null ? List.<String>of() : w.arguments()) {
            if (argument.startsWith("Bandwidth=")) {
                long kb = Values.number(argument.substring("Bandwidth=".length()), 0, U32_MAX);
                return (int) Math.min(kb, Integer.MAX_VALUE);
            }
        }
        return 0;
    }
}
