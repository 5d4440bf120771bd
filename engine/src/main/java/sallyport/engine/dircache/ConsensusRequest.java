package sallyport.engine.dircache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.netdoc.Flavor;

/// What a request for the consensus asks for:
/// `/tor/status-vote/current/consensus[-FLAVOR][/diff/HASH][/FP+FP...]`.
///
/// @param signers fingerprints, or beginnings of them, of which more than half should have signed; null:
/// no matter who
/// @param diffsFrom digests of consensuses that the client has, upper-case hex
/// @param isDiffOnly whether the whole consensus would not do
public record ConsensusRequest(Flavor flavor, @Nullable String signers, List<String> diffsFrom, boolean isDiffOnly) {
    public static final String PATH = DirRequest.CONSENSUS;
    private static final String DIFF = "diff/";
    private static final String HEADER = "X-Or-Diff-From-Consensus";

    public ConsensusRequest {
        diffsFrom = List.copyOf(diffsFrom);
    }

    /// @throws Malformed where the hash in the path is none
    public static ConsensusRequest of(DirRequest request) throws Malformed {
        String rest = request.path().substring(PATH.length());
        int slash = rest.indexOf('/');
        // As C tor, a flavor that does not exist is ns.
        boolean isMicrodesc = (slash < 0 ? rest : rest.substring(0, slash)).equals("-" + Flavor.MICRODESC.word());
        boolean isFlavored = rest.startsWith("-");
        String after = slash < 0 || !(isFlavored || slash == 0) ? null : rest.substring(slash + 1);
        Flavor flavor = isMicrodesc ? Flavor.MICRODESC : Flavor.NS;
        if (after == null || !after.startsWith(DIFF)) {
            return new ConsensusRequest(flavor, after, fromHeader(request), false);
        }
        String hash = after.substring(DIFF.length());
        int end = hash.indexOf('/');
        String signers = end < 0 ? null : hash.substring(end + 1);
        return new ConsensusRequest(flavor, signers, List.of(digest(end < 0 ? hash : hash.substring(0, end))), true);
    }

    /// Whether more than half of the asked for are among those who signed. As C tor, by the beginnings of
    /// fingerprints.
    public boolean likes(List<String> signedBy) {
        if (signers == null) {
            return true;
        }
        String[] wanted = signers.split("\\+", -1);
        int have = 0;
        for (String one : wanted) {
            String start = one.toUpperCase(Locale.ROOT);
            if (signedBy.stream().anyMatch(signer -> signer.startsWith(start))) {
                have++;
            }
        }
        return have >= wanted.length / 2 + 1;
    }

    private static List<String> fromHeader(DirRequest request) {
        String header = request.header(HEADER);
        List<String> digests = new ArrayList<>();
        for (String word : header == null ? new String[0] : header.split(" ", -1)) {
            try {
                digests.add(digest(word));
            } catch (Malformed e) {
                // Passed over, as C tor does.
            }
        }
        return digests;
    }

    private static String digest(String hex) throws Malformed {
        byte[] digest = Hex.decode(hex);
        if (digest.length != Resources.SHA256_BYTES) {
            throw new Malformed("a digest of an odd length");
        }
        return Hex.upper(digest);
    }
}
