package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Times;
import sallyport.engine.netdoc.Unverified;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.netdoc.Values;

/// A vote as it came (dir-spec 3.4.1): header, certificate and signature are read, its relays only once
/// the signature turns out to be that of a configured authority.
public final class UnverifiedVote implements Unverified<Vote> {
    /// Ours: four times a vote of the public network.
    public static final int BYTES_MAX = 64 << 20;

    // As C tor (dirvote.h).
    private static final Duration INTERVAL_MIN = Duration.ofMinutes(5);
    private static final Duration INTERVAL_MIN_TESTING = Duration.ofSeconds(10);
    private static final int DELAY_SECONDS_MIN = 2;
    private static final int FLAGS_MAX = 64;
    private static final int DIGEST_BYTES = 20;
    private static final int METHODS_MAX = 1_000;
    private static final String CERTIFICATE = "\ndir-key-certificate-version";
    private static final String CERTIFICATION = "\ndir-key-certification";
    private static final String END_SIGNATURE = "\n-----END SIGNATURE-----\n";

    private static final Syntax HEADER = Syntax.of(
            Rule.once("network-status-version", 1).at(Place.FIRST),
            Rule.once("vote-status", 1),
            Rule.once("consensus-methods", 1),
            Rule.once("published", 2),
            Rule.once("valid-after", 2),
            Rule.once("fresh-until", 2),
            Rule.once("valid-until", 2),
            Rule.once("voting-delay", 2),
            Rule.atMostOnce("client-versions", 0),
            Rule.atMostOnce("server-versions", 0),
            Rule.any("package", 0),
            Rule.atMostOnce("recommended-client-protocols", 0),
            Rule.atMostOnce("recommended-relay-protocols", 0),
            Rule.atMostOnce("required-client-protocols", 0),
            Rule.atMostOnce("required-relay-protocols", 0),
            Rule.once("known-flags", 0),
            Rule.atMostOnce("params", 0),
            Rule.once("dir-source", 6),
            Rule.once("contact", 0),
            Rule.any("flag-thresholds", 0),
            Rule.any("bandwidth-file-headers", 0),
            Rule.any("bandwidth-file-digest", 0),
            Rule.atMostOnce("shared-rand-participate", 0),
            Rule.any("shared-rand-commit", 3),
            Rule.atMostOnce("shared-rand-previous-value", 2),
            Rule.atMostOnce("shared-rand-current-value", 2),
            Rule.atMostOnce("legacy-dir-key", 1));
    private static final Syntax FOOTER = Syntax.of(
            Rule.atMostOnce("directory-footer", 0).at(Place.FIRST),
            Rule.once("directory-signature", 2).with(ObjectRule.NEEDED).at(Place.LAST));

    private final byte[] text;
    private final int bodyFrom;
    private final int bodyTo;
    private final Items header;
    private final VoteTimes times;
    private final Unverified<AuthorityCertificate> certificate;
    private final Item signature;
    private final byte[] digest;

    private UnverifiedVote(byte[] text) throws Malformed {
        if (text.length > BYTES_MAX) {
            throw new Malformed("a vote too long");
        }
        this.text = text;
        String all = new String(text, StandardCharsets.ISO_8859_1);
        int footer = all.indexOf("\ndirectory-footer");
        int signed = all.indexOf("\ndirectory-signature");
        if (signed < 0) {
            throw new Malformed("a vote without a signature");
        }
        this.bodyTo = (footer < 0 ? signed : Math.min(footer, signed)) + 1;
        int first = all.indexOf("\nr ");
        this.bodyFrom = first < 0 ? bodyTo : Math.min(first + 1, bodyTo);
        this.header = Items.read(text, 0, bodyFrom, HEADER);
        this.certificate = certificate(all);
        this.times = times();
        this.signature = Items.read(text, bodyTo, text.length, FOOTER).one("directory-signature");
        this.digest = Hashes.sha1(UnverifiedConsensus.signedPart(text));
        List<String> version = header.one("network-status-version").arguments();
        if (!version.equals(List.of("3"))
                || !header.one("vote-status").argument(0).equals("vote")) {
            throw new Malformed("not a vote");
        }
    }

    /// Reads header and signature; keeps the array.
    public static UnverifiedVote parse(byte[] document) throws Malformed {
        return new UnverifiedVote(document);
    }

    @Override
    public Vote verify(DirectoryTrust trust, Instant now) throws Refused, Malformed {
        AuthorityCertificate believed = certificate.verify(trust, now);
        Voter voter = voter();
        List<String> names = signature.arguments();
        // With three arguments the first names the digest; a vote's is SHA-1.
        int from = names.size() - 2;
        if (!Hashes.equal(voter.identity(), believed.identity())
                || !Hashes.equal(Values.hex(names.get(from), DIGEST_BYTES), believed.identity())) {
            throw new Malformed("a vote of another than its certificate's");
        }
        if (!believed.signed(digest, signature.objectOf("SIGNATURE"))) {
            throw new Refused(Refused.Reason.BAD_SIGNATURE);
        }
        checkTimes(trust.testing());
        List<String> flags = knownFlags();
        Ballot ballot = new Ballot(
                voter,
                Times.parse(header.one("published").line()),
                times,
                methods(),
                text("client-versions"),
                text("server-versions"),
                protocols(),
                packages(),
                flags,
                Values.parameters(header.maybe("params")),
                SharedRandom.of(header),
                remarks(),
                VoteEntries.parse(text, bodyFrom, bodyTo, flags));
        return new Vote(ballot, believed, digest, text);
    }

    private Unverified<AuthorityCertificate> certificate(String all) throws Malformed {
        int from = all.indexOf(CERTIFICATE);
        int certification = from < 0 ? -1 : all.indexOf(CERTIFICATION, from);
        int to = certification < 0 ? -1 : all.indexOf(END_SIGNATURE, certification);
        if (to < 0 || to + END_SIGNATURE.length() > bodyFrom) {
            throw new Malformed("a vote without a certificate");
        }
        return AuthorityCertificate.parseAll(Arrays.copyOfRange(text, from + 1, to + END_SIGNATURE.length()))
                .getFirst();
    }

    private VoteTimes times() throws Malformed {
        List<String> delays = header.one("voting-delay").arguments();
        return new VoteTimes(
                Times.parse(header.one("valid-after").line()),
                Times.parse(header.one("fresh-until").line()),
                Times.parse(header.one("valid-until").line()),
                (int) Values.number(delays.get(0), 0, Integer.MAX_VALUE),
                (int) Values.number(delays.get(1), 0, Integer.MAX_VALUE));
    }

    private void checkTimes(boolean testing) throws Refused {
        Duration interval = testing ? INTERVAL_MIN_TESTING : INTERVAL_MIN;
        if (times.validAfter().plus(interval).isAfter(times.freshUntil())
                || times.validAfter().plus(interval.multipliedBy(2)).isAfter(times.validUntil())
                || times.voteSeconds() < DELAY_SECONDS_MIN
                || times.distSeconds() < DELAY_SECONDS_MIN) {
            throw new Refused(Refused.Reason.ODD_TIMES);
        }
    }

    private Voter voter() throws Malformed {
        List<String> source = header.one("dir-source").arguments();
        RelayAddress directory = Values.ipv4(source.get(3), source.get(4));
        Item legacy = header.maybe("legacy-dir-key");
        return new Voter(
                source.get(0),
                Values.hex(source.get(1), DIGEST_BYTES),
                legacy == null ? null : Values.hex(legacy.argument(0), DIGEST_BYTES),
                source.get(2),
                directory,
                (int) Values.number(source.get(5), 0, 65535),
                header.one("contact").line());
    }

    private Set<Integer> methods() throws Malformed {
        Set<Integer> methods = new HashSet<>();
        for (String method : header.one("consensus-methods").arguments()) {
            methods.add((int) Values.number(method, 1, METHODS_MAX));
        }
        return methods;
    }

    private Map<String, String> protocols() throws Malformed {
        Map<String, String> lists = new HashMap<>();
        for (String keyword : Ballot.PROTOCOL_KEYWORDS) {
            String list = text(keyword);
            if (list != null) {
                ProtocolList.parse(list);
                lists.put(keyword, list);
            }
        }
        return lists;
    }

    private List<String> packages() {
        List<String> lines = new ArrayList<>();
        header.all("package").forEach(line -> lines.add(line.line()));
        return lines;
    }

    private VoteRemarks remarks() {
        return new VoteRemarks(
                first("flag-thresholds"), first("bandwidth-file-headers"), first("bandwidth-file-digest"));
    }

    private List<String> knownFlags() throws Malformed {
        List<String> flags = header.one("known-flags").arguments();
        for (int i = 1; i < flags.size(); i++) {
            if (flags.get(i - 1).compareTo(flags.get(i)) >= 0) {
                throw new Malformed("known flags out of order");
            }
        }
        if (flags.size() > FLAGS_MAX) {
            throw new Malformed("too many flags");
        }
        return flags;
    }

    private @Nullable String first(String keyword) {
        List<Item> lines = header.all(keyword);
        return lines.isEmpty() ? null : lines.getFirst().line();
    }

    private @Nullable String text(String keyword) {
        Item line = header.maybe(keyword);
        return line == null ? null : line.line();
    }
}
