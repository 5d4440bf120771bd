package sallyport.lab.dirauth;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.lab.roster.HeldDescriptor;
import sallyport.lab.roster.Roster;
import sallyport.lab.vote.Vote;
import sallyport.lab.vote.VoteEntry;

/// Which descriptors others list and the roster lacks (C tor's
/// update_consensus_router_descriptor_downloads): of relays it does not know, or knows by an older one.
/// Not for several threads.
final class LackedDescriptors {
    // Ours: what one round asks for; the next goes on.
    private static final int ASKED_MAX = 1_000;
    // As C tor's schedules do at least: a descriptor that nobody has, or that we refuse, is not asked for for good.
    private static final int ATTEMPTS_MAX = 8;

    private final Roster roster;
    // By digest; no more than what votes and a consensus list.
    private Map<String, Integer> attempts = new HashMap<>();

    LackedDescriptors(Roster roster) {
        this.roster = roster;
    }

    /// What is to be asked for now, in upper-case hex; counts as one attempt for each.
    ///
    /// @param votes of the last round
    /// @param consensus the last one of descriptors; it does not say when relays published them
    Set<String> next(Collection<Vote> votes, @Nullable Consensus consensus) {
        Set<String> lacked = new LinkedHashSet<>();
        for (Vote vote : votes) {
            for (VoteEntry entry : vote.ballot().entries()) {
                look(Hex.upper(entry.identity()), Hex.upper(entry.descriptorDigest()), entry.published(), lacked);
            }
        }
        if (consensus != null) {
            for (RouterStatus entry : consensus.relays()) {
                byte[] digest = entry.documentDigest();
                if (digest != null) {
                    look(Hex.upper(entry.rsaDigest()), Hex.upper(digest), Instant.MIN, lacked);
                }
            }
        }
        List<String> order = new ArrayList<>(lacked);
        order.sort(Comparator.comparingInt(digest -> attempts.getOrDefault(digest, 0)));
        Map<String, Integer> counted = new HashMap<>();
        Set<String> asked = new LinkedHashSet<>();
        for (String digest : order) {
            int before = attempts.getOrDefault(digest, 0);
            boolean now = before < ATTEMPTS_MAX && asked.size() < ASKED_MAX && asked.add(digest);
            counted.put(digest, now ? before + 1 : before);
        }
        attempts = counted;
        return asked;
    }

    private void look(String fingerprint, String digest, Instant published, Set<String> lacked) {
        boolean isNews = roster.descriptorOf(fingerprint)
                .map(HeldDescriptor::published)
                .map(published::isAfter)
                .orElse(true);
        if (isNews && roster.descriptor(digest).isEmpty()) {
            lacked.add(digest);
        }
    }
}
