package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Values;

/// What an authority reads in a relay's descriptor beyond what the engine needs (dir-spec 2.1.1).
///
/// @param verified by both of its signatures
/// @param onionKey PKCS#1; null where the relay no longer has one
/// @param family as it declares it, each a nickname or a fingerprint
/// @param familyIds those that its certificates prove, sorted
/// @param ipv6Policy the value of `ipv6-policy`
/// @param bandwidth bytes per second that it offers, or has carried if that is less
/// @param version as the `v` line has it
public record RelayDescriptor(
        RouterDescriptor verified,
        int dirPort,
        byte @Nullable [] onionKey,
        List<String> family,
        List<String> familyIds,
        ExitPolicy policy,
        @Nullable String ipv6Policy,
        long bandwidth,
        @Nullable String version,
        String protocols) {

    private static final String AUTHORITY = "Authority";
    // As C tor: nobody is believed to have more, in bytes per second.
    private static final long BELIEVABLE_BANDWIDTH = 10_000_000;
    private static final int BYTES_PER_KB = 1_000;
    private static final Pattern FAMILY_MEMBER =
            Pattern.compile("[A-Za-z0-9]{1,19}|\\$?[0-9A-Fa-f]{40}([=~][A-Za-z0-9]{1,19})?");
    private static final Pattern SHORT_POLICY =
            Pattern.compile("(accept|reject) [0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*");
    // The version of C tor, with its revision where it has one.
    private static final Pattern VERSION = Pattern.compile("(Tor \\S*( \\(r\\S*)?).*");

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("router", 5),
            Rule.once("bandwidth", 3),
            Rule.atMostOnce("platform", 0),
            Rule.once("proto", 0),
            Rule.atMostOnce("onion-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.atMostOnce("family", 0),
            Rule.any("family-cert", 0).with(ObjectRule.NEEDED),
            Rule.atMostOnce("ipv6-policy", 0),
            Rule.any("accept", 1),
            Rule.any("reject", 1),
            Rule.any("accept6", 1),
            Rule.any("reject6", 1));

    public static RelayDescriptor of(RouterDescriptor verified) throws Malformed {
        Items items = Items.read(verified.encoded(), 0, verified.encoded().length, SYNTAX);
        List<String> bandwidth = items.one("bandwidth").arguments();
        long rate = Values.number(bandwidth.get(0), 1, Integer.MAX_VALUE);
        Values.number(bandwidth.get(1), 0, Integer.MAX_VALUE);
        long observed = Values.number(bandwidth.get(2), 0, Integer.MAX_VALUE);
        Item onionKey = items.maybe("onion-key");
        String protocols = items.one("proto").line();
        ProtocolList.parse(protocols);
        return new RelayDescriptor(
                verified,
                (int) Values.number(items.one("router").argument(4), 0, 65535),
                onionKey == null ? null : onionKey.object(),
                family(items.maybe("family")),
                familyIds(items.all("family-cert")),
                policy(items),
                ipv6Policy(items.maybe("ipv6-policy")),
                Math.min(rate, observed),
                version(items.maybe("platform")),
                protocols);
    }

    /// What an authority votes of this relay.
    ///
    /// @param measuredKb what a bandwidth authority found
    /// @param history what it remembers of the relay
    public VoteEntry entry(
            Set<String> flags, boolean listsIpv6, @Nullable Long measuredKb, @Nullable RelayHistory history) {
        return new VoteEntry(
                verified.nickname(),
                verified.rsaDigest(),
                verified.digest(),
                verified.published(),
                verified.orAddresses().getFirst(),
                dirPort,
                listsIpv6 && verified.orAddresses().size() > 1
                        ? verified.orAddresses().get(1)
                        : null,
                flags,
                version,
                protocols,
                Math.min(bandwidth, BELIEVABLE_BANDWIDTH) / BYTES_PER_KB,
                flags.contains(AUTHORITY) ? null : measuredKb,
                flags.contains(AUTHORITY) ? measuredKb : null,
                null,
                policy.ipv4Summary(),
                MicrodescriptorText.voteLines(this),
                verified.ed25519(),
                history);
    }

    private static List<String> family(@Nullable Item line) throws Malformed {
        List<String> members = line == null ? List.of() : line.arguments();
        for (String member : members) {
            if (!FAMILY_MEMBER.matcher(member).matches()) {
                throw new Malformed("a family of something else than relays");
            }
        }
        return members;
    }

    private static List<String> familyIds(List<Item> certificates) throws Malformed {
        TreeSet<String> ids = new TreeSet<>();
        for (Item item : certificates) {
            // The engine has checked that it names its family's key and that this key signed it.
            byte[] key = Objects.requireNonNull(
                    EdCert.decode(item.objectOf("FAMILY CERT")).signingKey());
            ids.add("ed25519:" + Base64.getEncoder().withoutPadding().encodeToString(key));
        }
        return List.copyOf(ids);
    }

    private static ExitPolicy policy(Items items) throws Malformed {
        List<Item> rules = new ArrayList<>();
        for (String keyword : List.of("accept", "reject", "accept6", "reject6")) {
            rules.addAll(items.all(keyword));
        }
        if (rules.isEmpty()) {
            throw new Malformed("no exit policy");
        }
        rules.sort(Comparator.comparingInt(Item::position));
        try {
            return ExitPolicy.ofDescriptor(rules.stream()
                    .map(rule -> rule.keyword() + " " + rule.line())
                    .toList());
        } catch (ExitPolicyException e) {
            throw new Malformed("an exit policy");
        }
    }

    private static @Nullable String ipv6Policy(@Nullable Item line) throws Malformed {
        if (line != null && !SHORT_POLICY.matcher(line.line()).matches()) {
            throw new Malformed("an IPv6 policy");
        }
        return line == null ? null : line.line();
    }

    private static @Nullable String version(@Nullable Item platform) {
        var tor = VERSION.matcher(platform == null ? "" : platform.line());
        return tor.matches() ? tor.group(1) : null;
    }
}
