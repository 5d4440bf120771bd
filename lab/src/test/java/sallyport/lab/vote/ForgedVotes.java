package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Refused;

/// The votes of the sample under keys of ours, so that they can say anything.
public final class ForgedVotes {
    // Shorter than any authority's: they are made for each run.
    private static final int KEY_BITS = 1_024;
    private static final String SIGNATURE = "directory-signature ";

    private final Instant then;
    private final List<VotingKeys> keys = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();

    private ForgedVotes(Instant then) {
        this.then = then;
    }

    public static ForgedVotes make() throws Exception {
        AuthorityDocuments sample = AuthorityDocuments.sample();
        ForgedVotes forged = new ForgedVotes(sample.then());
        for (Vote vote : sample.verified()) {
            VotingKeys own = VotingKeys.make(
                    vote.voter().directory(), forged.then.minus(Duration.ofDays(1)), KEY_BITS, KEY_BITS);
            String text = text(VoteText.signed(under(own, vote.ballot()), own));
            forged.keys.add(own);
            forged.bodies.add(text.substring(0, text.indexOf(SIGNATURE)));
        }
        return forged;
    }

    /// A ballot of another authority.
    private static Ballot under(VotingKeys keys, Ballot ballot) throws Malformed {
        Voter voter = ballot.voter();
        return new Ballot(
                new Voter(
                        voter.nickname(),
                        Hex.decode(keys.v3Identity()),
                        null,
                        voter.host(),
                        voter.directory(),
                        voter.orPort(),
                        voter.contact()),
                ballot.published(),
                ballot.times(),
                ballot.methods(),
                ballot.clientVersions(),
                ballot.serverVersions(),
                ballot.protocols(),
                ballot.packages(),
                ballot.knownFlags(),
                ballot.parameters(),
                ballot.random(),
                ballot.remarks(),
                ballot.entries());
    }

    /// When they were cast.
    public Instant then() {
        return then;
    }

    public DirectoryTrust trust() {
        return new DirectoryTrust(
                true, keys.stream().map(VotingKeys::v3Identity).collect(Collectors.toSet()), List.of());
    }

    /// A trust that knows none of them.
    public static DirectoryTrust strangers() {
        return new DirectoryTrust(true, Set.of("0".repeat(40)), List.of());
    }

    /// The first vote before its signature.
    String body() {
        return bodies.getFirst();
    }

    /// A vote of the first authority.
    String signed(String body) {
        return signed(0, body);
    }

    /// The vote of an authority, changed and signed.
    public byte[] vote(int voter, UnaryOperator<String> change) {
        return bytes(signed(voter, change.apply(bodies.get(voter))));
    }

    private String signed(int voter, String body) {
        return body + keys.get(voter).sign(Hashes.sha1(bytes(body + SIGNATURE))).text(SIGNATURE);
    }

    VotingKeys keys() {
        return keys.getFirst();
    }

    public VotingKeys keys(int voter) {
        return keys.get(voter);
    }

    /// Those of all three, believed.
    public List<AuthorityCertificate> certificates() throws Malformed, Refused {
        List<AuthorityCertificate> all = new ArrayList<>();
        for (VotingKeys each : keys) {
            all.add(AuthorityCertificate.parseAll(each.certificate()).getFirst().verify(trust(), then));
        }
        return all;
    }

    /// All three votes, each changed on its own and signed.
    List<Vote> votes(List<UnaryOperator<String>> changes) throws Malformed, Refused {
        List<Vote> votes = new ArrayList<>();
        for (int voter = 0; voter < bodies.size(); voter++) {
            votes.add(UnverifiedVote.parse(vote(voter, changes.get(voter))).verify(trust(), then));
        }
        return votes;
    }

    static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String document) {
        return document.getBytes(StandardCharsets.ISO_8859_1);
    }
}
