package sallyport.engine.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.ConsensusDiff;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.world.World;

/// Fetches a newer consensus, and the certificates it needs: as a diff to the one we hold where the authority has one,
/// else whole (dir-spec "Consensus diffs"). Used by the fetcher's one task.
final class ConsensusFetches {
    private static final String DIFF_FROM = "X-Or-Diff-From-Consensus";
    /// The consensus parameter, in hours, with C tor's default and bounds.
    private static final String DIFF_AGE = "try-diff-for-consensus-newer-than";

    private static final int DIFF_AGE_HOURS = 72;
    private static final int DIFF_AGE_HOURS_MAX = 8192;
    // Ours: an authority shows at most its current and former signing key.
    private static final int CERTIFICATES_PER_REQUEST = 48;

    private final World world;
    private final DirectoryStore store;
    private final DirectoryState state;
    private final Inquiries inquiries;

    /// The consensus that a diff is to start from, and how it is named to those who make diffs.
    @SuppressWarnings("ArrayRecordComponent")
    private record DiffBase(byte[] text, String digest) {}

    ConsensusFetches(World world, DirectoryStore store, DirectoryState state, Inquiries inquiries) {
        this.world = world;
        this.store = store;
        this.state = state;
        this.inquiries = inquiries;
    }

    /// The new consensus, already in use; null where none of some authorities has one that is newer and deserves
    /// belief.
    @Nullable
    Consensus fetch(Flavor flavor) throws InterruptedException {
        DiffBase base = diffBase(flavor);
        for (Authority authority : Inquiries.ofOneRound(inquiries.shuffled())) {
            byte[] text = ask(authority, flavor, base);
            Consensus accepted = text == null ? null : accept(authority, flavor, text);
            if (accepted != null) {
                return accepted;
            }
        }
        return null;
    }

    /// What we hold, where authorities may still have a diff from it.
    private @Nullable DiffBase diffBase(Flavor flavor) {
        Consensus held = state.consensus(flavor).orElse(null);
        int hours = store.parameters().get(DIFF_AGE, 0, DIFF_AGE_HOURS_MAX, DIFF_AGE_HOURS);
        if (held == null || held.validAfter().plus(Duration.ofHours(hours)).isBefore(now())) {
            return null;
        }
        byte[] text = state.consensusText(flavor);
        try {
            return text == null ? null : new DiffBase(text, Hex.upper(UnverifiedConsensus.digestAsSigned(text)));
        } catch (Malformed e) {
            return null;
        }
    }

    /// A whole consensus, however it came; null where there is none.
    private byte @Nullable [] ask(Authority authority, Flavor flavor, @Nullable DiffBase base)
            throws InterruptedException {
        byte[] answer = get(authority, flavor, base == null ? Map.of() : Map.of(DIFF_FROM, base.digest()));
        if (base == null || answer == null || !ConsensusDiff.isDiff(answer)) {
            return answer;
        }
        try {
            byte[] text = ConsensusDiff.apply(base.text(), answer);
            world.log()
                    .debug(
                            "",
                            authority.shown() + " sent a diff of " + answer.length + " bytes to a " + flavor.word()
                                    + " consensus of " + text.length);
            return text;
        } catch (Malformed e) {
            inquiries.faults().count("directory: bad diff");
            world.log().debug("", authority.shown() + " sent " + e.getMessage());
            return get(authority, flavor, Map.of());
        }
    }

    private byte @Nullable [] get(Authority authority, Flavor flavor, Map<String, String> headers)
            throws InterruptedException {
        String path = "/tor/status-vote/current/consensus" + (flavor == Flavor.NS ? "" : "-" + flavor.word());
        return inquiries.get(authority, new DirectoryRequest(path, headers, null, UnverifiedConsensus.BYTES_MAX, null));
    }

    private @Nullable Consensus accept(Authority authority, Flavor flavor, byte[] text) throws InterruptedException {
        try {
            UnverifiedConsensus offered = UnverifiedConsensus.parse(text);
            if (offered.flavor() != flavor) {
                throw new Refused(Refused.Reason.NOT_WANTED);
            }
            fetchCertificates(offered, authority);
            boolean first = store.consensus().isEmpty();
            Consensus accepted = state.accept(offered, now());
            if (first) {
                int relays = accepted.relays().size();
                world.log().info("", "the consensus lists " + relays + " relays; it is from " + authority.shown());
            }
            return accepted;
        } catch (Malformed e) {
            inquiries.complain(authority, "a malformed " + flavor.word() + " consensus");
        } catch (Refused e) {
            if (e.reason() != Refused.Reason.NOT_WANTED) {
                inquiries.complain(authority, "a " + flavor.word() + " consensus that is refused: " + e.getMessage());
            }
        }
        return null;
    }

    /// Asks first the one who showed the consensus, then others, until nothing is missing.
    private void fetchCertificates(UnverifiedConsensus offered, Authority from) throws InterruptedException {
        List<Authority> order = new ArrayList<>(inquiries.shuffled());
        order.remove(from);
        order.addFirst(from);
        for (Authority authority : Inquiries.ofOneRound(order)) {
            List<String> missing = offered.missingCertificates(state.trust());
            if (missing.isEmpty()) {
                return;
            }
            List<String> some = missing.subList(0, Math.min(CERTIFICATES_PER_REQUEST, missing.size()));
            byte[] text = inquiries.get(
                    authority,
                    DirectoryRequest.get(
                            "/tor/keys/fp-sk/" + String.join("+", some), DirectoryState.CERTIFICATES_BYTES_MAX));
            if (text == null) {
                continue;
            }
            try {
                state.offerCertificates(text, now());
            } catch (Malformed e) {
                inquiries.complain(authority, "malformed certificates");
            }
        }
    }

    private Instant now() {
        return world.clock().instant();
    }
}
