package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Times;

/// The consensus of an election in one flavour, while signatures come in (dir-spec 3.10). Not for several
/// threads.
///
/// Authorities with the same signatures have the same document: those stand in the order of their
/// identities.
public final class SignedConsensus {
    private static final String SIGNATURE = "directory-signature ";

    private final Flavor flavor;
    private final VoteTimes times;
    private final String text;
    private final byte[] digest;
    // Those who voted, by identity in upper-case hex.
    private final Map<String, AuthorityCertificate> voters = new HashMap<>();
    private final Map<String, ConsensusSignature> signatures = new TreeMap<>();

    /// How detached signatures were taken.
    public enum Taken {
        ADDED(200),
        /// Nothing new, or nobody known.
        IGNORED(200),
        /// Of other times, or of another document: this authority counts otherwise.
        OTHER_CONSENSUS(400),
        /// There are none for this flavour.
        NONE(400);

        private final int status;

        Taken(int status) {
            this.status = status;
        }

        /// What HTTP answers whoever sent them.
        public int status() {
            return status;
        }
    }

    public SignedConsensus(Election election, Flavor flavor) {
        this.flavor = flavor;
        this.times = election.times();
        this.text = election.consensus(flavor);
        byte[] signed = (text + SIGNATURE).getBytes(StandardCharsets.ISO_8859_1);
        this.digest = flavor == Flavor.NS ? Hashes.sha1(signed) : Hashes.sha256(signed);
        for (Vote vote : election.votes()) {
            voters.put(Hex.upper(vote.voter().identity()), vote.certificate());
        }
    }

    /// Signs it.
    public void sign(VotingKeys keys) {
        ConsensusSignature own = keys.sign(digest);
        signatures.put(own.identity(), own);
    }

    /// Takes those that hold and are of someone who voted, the first of each.
    public Taken take(DetachedSignatures detached) {
        List<ConsensusSignature> offered = detached.signatures().get(flavor);
        if (offered == null) {
            return Taken.NONE;
        }
        if (!detached.validAfter().equals(times.validAfter())
                || !detached.freshUntil().equals(times.freshUntil())
                || !detached.validUntil().equals(times.validUntil())
                || !Hex.upper(digest).equals(detached.digests().get(flavor))) {
            return Taken.OTHER_CONSENSUS;
        }
        Taken taken = Taken.IGNORED;
        for (ConsensusSignature signature : offered) {
            AuthorityCertificate certificate = voters.get(signature.identity());
            if (certificate != null
                    && !signatures.containsKey(signature.identity())
                    && Hex.upper(certificate.signingKeyDigest()).equals(signature.signingKey())
                    && certificate.signed(digest, signature.bytes())) {
                signatures.put(signature.identity(), signature);
                taken = Taken.ADDED;
            }
        }
        return taken;
    }

    /// Whether everyone who voted has signed.
    public boolean isSignedByAll() {
        return signatures.keySet().containsAll(voters.keySet());
    }

    /// Whether so many authorities signed that everyone believes it.
    public boolean isBelieved(DirectoryTrust trust) {
        Set<String> signers = new HashSet<>(signatures.keySet());
        signers.retainAll(trust.authorities());
        return signers.size() >= trust.signaturesNeeded();
    }

    /// The document with all signatures so far.
    public byte[] document() {
        StringBuilder all = new StringBuilder(text);
        String start = SIGNATURE + (flavor == Flavor.NS ? "" : "sha256 ");
        signatures.values().forEach(signature -> all.append(signature.text(start)));
        return all.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The signatures of all flavours so far, to be sent to other authorities.
    ///
    /// @param consensuses of one election, the flavour ns among them
    public static byte[] detached(List<SignedConsensus> consensuses) {
        List<SignedConsensus> sorted = new ArrayList<>(consensuses);
        sorted.sort(Comparator.comparing(consensus -> consensus.flavor));
        SignedConsensus ns = sorted.getFirst();
        if (ns.flavor != Flavor.NS) {
            throw new IllegalArgumentException("no consensus of the flavour ns");
        }
        StringBuilder all = new StringBuilder();
        all.append("consensus-digest ").append(Hex.upper(ns.digest)).append('\n');
        all.append("valid-after ").append(Times.text(ns.times.validAfter())).append('\n');
        all.append("fresh-until ").append(Times.text(ns.times.freshUntil())).append('\n');
        all.append("valid-until ").append(Times.text(ns.times.validUntil())).append('\n');
        List<SignedConsensus> others = sorted.subList(1, sorted.size());
        for (SignedConsensus other : others) {
            all.append("additional-digest " + other.flavor.word() + " sha256 " + Hex.upper(other.digest) + "\n");
        }
        for (SignedConsensus other : others) {
            String start = "additional-signature " + other.flavor.word() + " sha256 ";
            other.signatures.values().forEach(signature -> all.append(signature.text(start)));
        }
        ns.signatures.values().forEach(signature -> all.append(signature.text(SIGNATURE)));
        return all.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
