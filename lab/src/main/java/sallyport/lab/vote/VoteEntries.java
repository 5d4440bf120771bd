package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Times;
import sallyport.engine.netdoc.Values;

/// Reads the relays of a vote.
final class VoteEntries {
    // Ours: six times the public network of today.
    private static final int ENTRIES_MAX = 50_000;
    private static final int RSA_DIGEST_BYTES = 20;
    private static final int ED25519_BYTES = 32;
    private static final int R_ARGUMENTS = 8;
    private static final long U32_MAX = 0xffff_ffffL;
    private static final int PERCENT_MAX = 100;

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("r", R_ARGUMENTS),
            Rule.any("a", 1),
            Rule.once("s", 0),
            Rule.atMostOnce("v", 0),
            Rule.once("pr", 0),
            Rule.atMostOnce("w", 0),
            Rule.atMostOnce("p", 0),
            Rule.any("m", 0),
            Rule.any("id", 2),
            Rule.any("stats", 0));

    private final Set<String> knownFlags;
    // Few combinations of flags exist: relays with the same share one set.
    private final Map<String, Set<String>> flagSets = new HashMap<>();
    private final Set<String> ed25519Seen = new HashSet<>();

    private VoteEntries(Set<String> knownFlags) {
        this.knownFlags = knownFlags;
    }

    /// Reads the bytes `[from, to)`: entries, each beginning with an `r` line, and nothing else.
    static List<VoteEntry> parse(byte[] text, int from, int to, List<String> knownFlags) throws Malformed {
        VoteEntries reader = new VoteEntries(Set.copyOf(knownFlags));
        String all = new String(text, StandardCharsets.ISO_8859_1);
        List<VoteEntry> entries = new ArrayList<>();
        int at = from;
        while (at < to) {
            int next = all.indexOf("\nr ", at);
            int end = next < 0 || next >= to ? to : next + 1;
            VoteEntry entry = reader.entry(Items.read(text, at, end, SYNTAX));
            if (!entries.isEmpty() && Arrays.compareUnsigned(entries.getLast().identity(), entry.identity()) >= 0) {
                throw new Malformed("relays out of order");
            }
            if (entries.size() == ENTRIES_MAX) {
                throw new Malformed("too many relays");
            }
            entries.add(entry);
            at = end;
        }
        return entries;
    }

    private VoteEntry entry(Items items) throws Malformed {
        List<String> r = items.one("r").arguments();
        Item version = items.maybe("v");
        String protocols = items.one("pr").line();
        ProtocolList.parse(protocols);
        List<String> microdescriptors = new ArrayList<>();
        for (Item line : items.all("m")) {
            microdescriptors.add(line.line());
        }
        Long measured = weight(items, "Measured=", U32_MAX);
        List<Item> stats = items.all("stats");
        Long fraction = weight(items, "GuardFraction=", PERCENT_MAX);
        return new VoteEntry(
                Values.nickname(r.getFirst()),
                Values.base64(r.get(1), RSA_DIGEST_BYTES),
                Values.base64(r.get(2), RSA_DIGEST_BYTES),
                Times.parse(r.get(3) + " " + r.get(4)),
                Values.ipv4(r.get(5), r.get(6)),
                (int) Values.number(r.get(7), 0, 65535),
                Values.firstIpv6(items.all("a")),
                flags(items.one("s")),
                version == null ? null : version.line(),
                protocols,
                weight(items, "Bandwidth=", U32_MAX),
                measured,
                weight(items, "MeasuredButAuthority=", U32_MAX),
                fraction == null ? null : fraction.intValue(),
                policy(items.maybe("p")),
                microdescriptors,
                ed25519(items.all("id")),
                RelayHistory.of(stats.isEmpty() ? null : stats.getFirst()));
    }

    private Set<String> flags(Item line) throws Malformed {
        Set<String> flags = flagSets.get(line.line());
        if (flags == null) {
            flags = Set.copyOf(line.arguments());
            if (!knownFlags.containsAll(flags)) {
                throw new Malformed("a flag that the vote does not know");
            }
            flagSets.put(line.line(), flags);
        }
        return flags;
    }

    /// As C tor: of several the last counts.
    private static @Nullable Long weight(Items items, String name, long max) throws Malformed {
        Long value = null;
        Item line = items.maybe("w");
        for (String argument : line == null ? List.<String>of() : line.arguments()) {
            if (argument.startsWith(name)) {
                value = Values.number(argument.substring(name.length()), 0, max);
            }
        }
        return value;
    }

    private static @Nullable String policy(@Nullable Item line) throws Malformed {
        if (line == null) {
            return null;
        }
        if (!line.line().startsWith("accept ") && !line.line().startsWith("reject ")) {
            throw new Malformed("a policy of another kind");
        }
        return line.line();
    }

    private byte @Nullable [] ed25519(List<Item> lines) throws Malformed {
        byte[] key = null;
        for (Item line : lines) {
            if (line.argument(0).equals("ed25519")) {
                String value = line.argument(1);
                key = value.equals("none") ? new byte[ED25519_BYTES] : Values.base64(value, ED25519_BYTES);
            }
        }
        if (key != null && !Hashes.isAllZero(key) && !ed25519Seen.add(Hex.lower(key))) {
            throw new Malformed("an Ed25519 identity twice");
        }
        return key;
    }
}
