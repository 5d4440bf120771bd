package sallyport.engine.netdoc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;

/// A consensus as it came (dir-spec 3.4.1): its header and signatures are read, its relays only once a
/// majority of the authorities turns out to have signed it. Thus a stranger's document costs us a few
/// kilobytes of work.
public final class UnverifiedConsensus implements Unverified<Consensus> {
    /// Ours: five times the public network's consensus of today.
    public static final int BYTES_MAX = 16 << 20;

    private static final int DIGEST_BYTES = 20;
    // As C tor: a signature object has 128 to 512 bytes.
    private static final int SIGNATURE_BYTES_MIN = 128;
    private static final int SIGNATURE_BYTES_MAX = 512;
    // As C tor (dirvote.h).
    private static final Duration VOTE_INTERVAL_MIN = Duration.ofMinutes(5);
    private static final Duration VOTE_INTERVAL_MIN_TESTING = Duration.ofSeconds(10);
    private static final int DELAY_SECONDS_MIN = 2;
    // As C tor: a consensus is handed out up to `dist` seconds before it begins, and clocks differ by a minute.
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);
    /// As C tor's "reasonably live": a day after its end a consensus is still better than none.
    public static final Duration EXPIRED_TOLERANCE = Duration.ofHours(24);

    private static final byte[] START = Search.ascii("network-status-version ");
    private static final byte[] SIGNATURES = Search.ascii("\ndirectory-signature");
    private static final byte[] FOOTER = Search.ascii("\ndirectory-footer");
    private static final byte[] RELAY = Search.ascii("\nr ");

    private static final Syntax HEADER = Syntax.of(
            Rule.once("network-status-version", 1).at(Place.FIRST),
            Rule.once("vote-status", 1),
            Rule.atMostOnce("consensus-method", 1),
            Rule.once("valid-after", 2),
            Rule.once("fresh-until", 2),
            Rule.once("valid-until", 2),
            Rule.once("voting-delay", 2),
            Rule.once("known-flags", 0),
            Rule.atMostOnce("params", 0),
            Rule.atLeastOnce("dir-source", 6));
    private static final Syntax FOOTER_SYNTAX = Syntax.of(
            Rule.atMostOnce("directory-footer", 0),
            Rule.atMostOnce("bandwidth-weights", 0),
            Rule.atLeastOnce("directory-signature", 2).with(ObjectRule.NEEDED));

    private final byte[] text;
    private final int bodyStart;
    private final int bodyEnd;
    private final Flavor flavor;
    private final Instant validAfter;
    private final Instant freshUntil;
    private final Instant validUntil;
    private final int voteSeconds;
    private final int distSeconds;
    private final NetworkParameters parameters;
    private final NetworkParameters weights;
    private final List<DocumentSignature> signatures;
    private final byte[] signedPart;

    private UnverifiedConsensus(byte[] text) throws Malformed {
        if (text.length > BYTES_MAX) {
            throw new Malformed("a consensus too long");
        }
        this.text = text;
        this.signedPart = signedPart(text);
        this.bodyStart = endOfEntry(text, 0);
        this.bodyEnd = Search.startsWith(text, bodyStart, text.length, Search.ascii("r "))
                ? footer(text, bodyStart)
                : bodyStart;
        Items header = Items.read(text, 0, bodyStart, HEADER);
        this.flavor = flavor(header);
        this.validAfter = Times.parse(header.one("valid-after").line());
        this.freshUntil = Times.parse(header.one("fresh-until").line());
        this.validUntil = Times.parse(header.one("valid-until").line());
        List<String> delays = header.one("voting-delay").arguments();
        this.voteSeconds = (int) Values.number(delays.get(0), 0, Integer.MAX_VALUE);
        this.distSeconds = (int) Values.number(delays.get(1), 0, Integer.MAX_VALUE);
        this.parameters = new NetworkParameters(Values.parameters(header.maybe("params")));
        Items footer = Items.read(text, bodyEnd, text.length, FOOTER_SYNTAX);
        this.weights = new NetworkParameters(Values.parameters(footer.maybe("bandwidth-weights")));
        this.signatures = signatures(footer, voters(header));
    }

    /// Reads header and signatures; keeps the array.
    public static UnverifiedConsensus parse(byte[] document) throws Malformed {
        return new UnverifiedConsensus(document);
    }

    public Flavor flavor() {
        return flavor;
    }

    public Instant validAfter() {
        return validAfter;
    }

    /// The document, to be kept; not to be changed.
    public byte[] text() {
        return text;
    }

    /// SHA3-256 over the part that is signed: how diffs and those who ask for them name the document they
    /// start from.
    public static byte[] digestAsSigned(byte[] document) throws Malformed {
        return Hashes.sha3x256(signedPart(document));
    }

    /// The authorities with a signature here, checked or not, in upper-case hex, each once.
    public List<String> signers() {
        return signatures.stream()
                .map(signature -> Hex.upper(signature.identity()))
                .distinct()
                .toList();
    }

    /// The certificates that would let more signatures of configured authorities be checked, as `FP-SK`
    /// in upper-case hex, each once: what `/tor/keys/fp-sk/` wants.
    public List<String> missingCertificates(DirectoryTrust trust) {
        List<String> missing = new ArrayList<>();
        for (DocumentSignature signature : signatures) {
            String name = Hex.upper(signature.identity()) + "-" + Hex.upper(signature.signingKeyDigest());
            if (trust.isAuthority(signature.identity())
                    && trust.certificate(signature.identity(), signature.signingKeyDigest()) == null
                    && !missing.contains(name)) {
                missing.add(name);
            }
        }
        return missing;
    }

    @Override
    public Consensus verify(DirectoryTrust trust, Instant now) throws Refused, Malformed {
        checkTimes(trust.testing(), now);
        if (goodSigners(trust, now) < trust.signaturesNeeded()) {
            throw new Refused(Refused.Reason.TOO_FEW_SIGNATURES);
        }
        List<RouterStatus> relays = RouterStatuses.parse(text, bodyStart, bodyEnd, flavor);
        return new Consensus(flavor, validAfter, freshUntil, validUntil, distSeconds, parameters, weights, relays);
    }

    private void checkTimes(boolean testing, Instant now) throws Refused {
        Duration interval = testing ? VOTE_INTERVAL_MIN_TESTING : VOTE_INTERVAL_MIN;
        if (validAfter.plus(interval).isAfter(freshUntil)
                || validAfter.plus(interval.multipliedBy(2)).isAfter(validUntil)
                || voteSeconds < DELAY_SECONDS_MIN
                || distSeconds < DELAY_SECONDS_MIN) {
            throw new Refused(Refused.Reason.ODD_TIMES);
        }
        if (now.isBefore(validAfter.minusSeconds(distSeconds).minus(CLOCK_SKEW))) {
            throw new Refused(Refused.Reason.FROM_THE_FUTURE);
        }
        if (now.isAfter(validUntil.plus(EXPIRED_TOLERANCE))) {
            throw new Refused(Refused.Reason.EXPIRED);
        }
    }

    /// How many configured authorities signed, each counted once.
    private int goodSigners(DirectoryTrust trust, Instant now) {
        Map<String, byte[]> digests = new HashMap<>();
        Set<String> good = new HashSet<>();
        for (DocumentSignature signature : signatures) {
            AuthorityCertificate certificate = trust.certificate(signature.identity(), signature.signingKeyDigest());
            if (certificate == null
                    || !trust.isAuthority(signature.identity())
                    || certificate.expires().isBefore(now)) {
                continue;
            }
            byte[] digest = digests.computeIfAbsent(
                    signature.algorithm(), name -> Hashes.incremental(name).digest(signedPart));
            if (certificate.signed(digest, signature.signature())) {
                good.add(Hex.upper(signature.identity()));
            }
        }
        return good.size();
    }

    /// dir-spec 3.4.1: the signature covers "the document through the space after the initial instance of
    /// directory-signature".
    public static byte[] signedPart(byte[] text) throws Malformed {
        if (!Search.startsWith(text, 0, text.length, START)) {
            throw new Malformed("not a consensus");
        }
        int keyword = Search.indexOf(text, 0, text.length, SIGNATURES);
        int space = keyword < 0 ? -1 : Search.indexOf(text, keyword + SIGNATURES.length, text.length, new byte[] {' '});
        if (space < 0) {
            throw new Malformed("a consensus without signatures");
        }
        return Arrays.copyOf(text, space + 1);
    }

    /// Where the next relay's entry, the footer or the signatures begin after `from`.
    static int endOfEntry(byte[] text, int from) {
        int relay = Search.indexOf(text, from, text.length, RELAY);
        int end = relay < 0 ? text.length : relay + 1;
        int foot = footer(text, from, end);
        return Math.min(foot, end);
    }

    private static int footer(byte[] text, int from) {
        return footer(text, from, text.length);
    }

    private static int footer(byte[] text, int from, int to) {
        int footer = Search.indexOf(text, from, to, FOOTER);
        int signature = Search.indexOf(text, from, footer < 0 ? to : footer, SIGNATURES);
        int first = signature < 0 ? footer : signature;
        return first < 0 ? to : first + 1;
    }

    private static Flavor flavor(Items header) throws Malformed {
        List<String> version = header.one("network-status-version").arguments();
        if (!version.getFirst().equals("3")
                || !header.one("vote-status").argument(0).equals("consensus")) {
            throw new Malformed("not a consensus");
        }
        if (version.size() == 1) {
            return Flavor.NS;
        }
        for (Flavor flavor : Flavor.values()) {
            if (flavor.word().equals(version.get(1))) {
                return flavor;
            }
        }
        throw new Malformed("a consensus of another flavor");
    }

    private static Set<String> voters(Items header) throws Malformed {
        Set<String> voters = new HashSet<>();
        for (Item source : header.all("dir-source")) {
            voters.add(Hex.upper(Values.hex(source.argument(1), DIGEST_BYTES)));
        }
        return voters;
    }

    private static List<DocumentSignature> signatures(Items footer, Set<String> voters) throws Malformed {
        List<Item> lines = footer.all("directory-signature");
        if (lines.getFirst().position() + lines.size() != footer.total()) {
            // What follows the first signature is signed by nobody.
            throw new Malformed("something between or after the signatures");
        }
        Set<String> seen = new HashSet<>();
        List<DocumentSignature> out = new ArrayList<>();
        for (Item line : lines) {
            List<String> arguments = line.arguments();
            String algorithm = arguments.size() == 2 ? "sha1" : arguments.getFirst();
            int first = arguments.size() == 2 ? 0 : 1;
            byte[] identity = Values.hex(arguments.get(first), DIGEST_BYTES);
            byte[] signingKey = Values.hex(arguments.get(first + 1), DIGEST_BYTES);
            byte[] signature = line.objectOf("SIGNATURE");
            if (signature.length < SIGNATURE_BYTES_MIN || signature.length > SIGNATURE_BYTES_MAX) {
                throw new Malformed("a signature of an odd length");
            }
            if (!voters.contains(Hex.upper(identity))) {
                throw new Malformed("a signature of someone who did not vote");
            }
            String digest = switch (algorithm) {
                case "sha1" -> "SHA-1";
                case "sha256" -> "SHA-256";
                // Another algorithm of the future: passed over.
                default -> "";
            };
            // As C tor: of two signatures by one voter with one algorithm the first counts.
            if (!digest.isEmpty() && seen.add(Hex.upper(identity) + digest)) {
                out.add(new DocumentSignature(identity, signingKey, digest, signature));
            }
        }
        return out;
    }
}
