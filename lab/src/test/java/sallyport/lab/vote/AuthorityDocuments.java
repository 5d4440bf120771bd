package sallyport.lab.vote;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.Times;
import sallyport.engine.netdoc.Unverified;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;

/// What C tor's authorities tell of one vote: what each said, and what they made of it.
///
/// @param votes one of each authority that the consensus counts
/// @param ns the consensus, with signatures
/// @param microdesc the same in the other flavour
public record AuthorityDocuments(List<byte[]> votes, String ns, String microdesc) {
    private static final Pattern VOTE_DIGEST = Pattern.compile("(?m)^vote-digest ([0-9A-F]{40})$");
    private static final Pattern SOURCE = Pattern.compile("(?m)^dir-source \\S+ ([0-9A-F]{40}) ");

    /// Fetches them over a DirPort. Empty while a new consensus takes the place of the one before.
    public static List<AuthorityDocuments> fetch(PrivateNetwork network) {
        TorNode authority = network.authorities().getFirst();
        try {
            String ns = text(get(authority, "/tor/status-vote/current/consensus"));
            String microdesc = text(get(authority, "/tor/status-vote/current/consensus-microdesc"));
            List<byte[]> votes = new ArrayList<>();
            for (String digest : voteDigests(ns)) {
                votes.add(get(authority, "/tor/status-vote/current/d/" + digest));
            }
            return voteDigests(ns).equals(voteDigests(microdesc))
                    ? List.of(new AuthorityDocuments(votes, ns, microdesc))
                    : List.of();
        } catch (IOException gone) {
            return List.of();
        }
    }

    /// The descriptors of all relays, as the first authority has them.
    public static List<RouterDescriptor> descriptors(PrivateNetwork network) throws Exception {
        List<RouterDescriptor> all = new ArrayList<>();
        DirectoryTrust nobody = new DirectoryTrust(true, Set.of(), List.of());
        byte[] documents = get(network.authorities().getFirst(), "/tor/server/all");
        for (Unverified<RouterDescriptor> each : RouterDescriptor.parseAll(documents)) {
            all.add(each.verify(nobody, Instant.now()));
        }
        return all;
    }

    /// The signatures that the first authority has gathered; empty but for the few seconds before a
    /// consensus begins.
    public static List<DetachedSignatures> gathering(PrivateNetwork network) throws Malformed {
        try {
            return List.of(DetachedSignatures.parse(
                    get(network.authorities().getFirst(), "/tor/status-vote/next/consensus-signatures")));
        } catch (IOException notNow) {
            return List.of();
        }
    }

    /// What becomes of signatures that C tor's authorities made on a consensus that we compute.
    public SignedConsensus.Taken taken(Flavor flavor, DetachedSignatures signatures) throws Malformed, Refused {
        List<Vote> read = verified();
        return new SignedConsensus(new Election(read, read.size(), false), flavor).take(signatures);
    }

    /// A captured sample: three authorities of C tor 0.4.9.11 in a private network on loopback, who
    /// disagreed on parameters, versions, measurements and fractions of guards; one relay has an IPv6
    /// address.
    static AuthorityDocuments sample() throws IOException {
        return new AuthorityDocuments(
                List.of(resource("vote-0"), resource("vote-1"), resource("vote-2")),
                text(resource("consensus-ns")),
                text(resource("consensus-microdesc")));
    }

    /// What authorities with these votes sign, by our own computation.
    public String computed(Flavor flavor) throws Malformed, Refused {
        List<Vote> read = verified();
        return new Election(read, read.size(), false).consensus(flavor);
    }

    /// The votes, read as they were when they were cast.
    public List<Vote> verified() throws Malformed, Refused {
        List<Vote> read = new ArrayList<>();
        for (byte[] vote : votes) {
            read.add(UnverifiedVote.parse(vote).verify(trust(), then()));
        }
        return read;
    }

    /// Believes the authorities of the consensus.
    DirectoryTrust trust() {
        Set<String> identities = new HashSet<>();
        SOURCE.matcher(ns).results().forEach(match -> identities.add(match.group(1)));
        return new DirectoryTrust(true, identities, List.of());
    }

    /// Whether the consensus is the one of that time.
    public boolean isFor(Instant validAfter) {
        return ns.contains("\nvalid-after " + Times.text(validAfter) + "\n");
    }

    /// When the consensus began.
    Instant then() throws Malformed {
        return Times.parse(value(ns, "valid-after"));
    }

    /// What the authorities signed, but for the signatures.
    public String unsigned(Flavor flavor) {
        String consensus = flavor == Flavor.NS ? ns : microdesc;
        return consensus.substring(0, consensus.indexOf("\ndirectory-signature") + 1);
    }

    private static String value(String document, String keyword) {
        int from = document.indexOf("\n" + keyword + " ") + keyword.length() + 2;
        return document.substring(from, document.indexOf('\n', from));
    }

    private static List<String> voteDigests(String consensus) {
        return VOTE_DIGEST
                .matcher(consensus)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }

    /// For each relay of each vote whose descriptor the first authority still has: what the vote says of
    /// it, and what we would say under the same flags.
    public List<Said> said(PrivateNetwork network) throws Malformed, Refused, IOException {
        Map<String, RelayDescriptor> byDigest = new HashMap<>();
        String digests = verified().stream()
                .flatMap(vote -> vote.ballot().entries().stream())
                .map(entry -> Hex.upper(entry.descriptorDigest()))
                .distinct()
                .collect(Collectors.joining("+"));
        // By digest, for a relay may have published again since.
        byte[] descriptors = get(network.authorities().getFirst(), "/tor/server/d/" + digests);
        for (Unverified<RouterDescriptor> descriptor : RouterDescriptor.parseAll(descriptors)) {
            RelayDescriptor relay = RelayDescriptor.of(descriptor.verify(trust(), then()));
            byDigest.put(VoteEntry.base64(relay.verified().digest()), relay);
        }
        List<Said> said = new ArrayList<>();
        for (Vote vote : verified()) {
            for (VoteEntry entry : vote.ballot().entries()) {
                RelayDescriptor relay = byDigest.get(VoteEntry.base64(entry.descriptorDigest()));
                if (relay != null) {
                    VoteEntry ours =
                            relay.entry(entry.flags(), entry.ipv6() != null, entry.measuredKb(), entry.history());
                    said.add(new Said(VoteText.entry(entry), VoteText.entry(ours)));
                }
            }
        }
        return said;
    }

    /// Each vote as it came and as we write what we have read of it, under keys of ours; without
    /// certificates and signatures.
    public List<Said> written(VotingKeys keys) throws Malformed, Refused {
        List<Said> written = new ArrayList<>();
        for (Vote vote : verified()) {
            written.add(written(vote, keys));
        }
        return written;
    }

    static Said written(Vote vote, VotingKeys keys) {
        return new Said(unsigned(vote.text()), unsigned(VoteText.signed(vote.ballot(), keys)));
    }

    private static String unsigned(byte[] vote) {
        return text(vote)
                .replaceFirst("(?s)\ndir-key-certificate-version.*?-----END SIGNATURE-----\n", "\n")
                .replaceFirst("(?s)\ndirectory-signature.*", "\n");
    }

    /// One relay's entry in a vote, or a vote, by C tor and by us.
    public record Said(String theirs, String ours) {}

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(AuthorityDocuments.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }

    /// One relay's entry, as it stands in a vote.
    public static String text(VoteEntry entry) {
        return VoteText.entry(entry);
    }

    /// What an authority answers over its DirPort.
    public static byte[] get(TorNode authority, String path) throws IOException {
        URI uri = URI.create("http://" + authority.place().address() + ":"
                + authority.place().dirPort() + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        } finally {
            connection.disconnect();
        }
    }
}
