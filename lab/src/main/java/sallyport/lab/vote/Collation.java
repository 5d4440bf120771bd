package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which entries of the votes speak of one relay (dir-spec 3.8.0.1): those with the same RSA identity,
/// unless more than half of the authorities also agree on its Ed25519 identity; then not those that name
/// another.
final class Collation {
    /// The entries of one relay.
    ///
    /// @param byVoter one for each vote, in their order; null where it does not list the relay
    /// @param edAgreeing how many name the Ed25519 identity that was agreed on; 0 where none was
    record Relay(List<@Nullable VoteEntry> byVoter, int edAgreeing) {
        /// The entries that are there, in the order of the votes.
        List<VoteEntry> entries() {
            return Counting.present(byVoter);
        }
    }

    private Collation() {}

    /// All relays that more than half of the authorities list, in the order of their RSA identities.
    static List<Relay> of(List<Vote> votes, int authorities) {
        SortedMap<byte[], List<@Nullable VoteEntry>> byRsa = new TreeMap<>(Arrays::compareUnsigned);
        for (int voter = 0; voter < votes.size(); voter++) {
            for (VoteEntry entry : votes.get(voter).ballot().entries()) {
                byRsa.computeIfAbsent(entry.identity(), _ -> new ArrayList<>(Collections.nCopies(votes.size(), null)))
                        .set(voter, entry);
            }
        }
        List<Relay> relays = new ArrayList<>();
        for (List<@Nullable VoteEntry> all : byRsa.values()) {
            Relay relay = collate(all, authorities / 2);
            if (relay.entries().size() > authorities / 2) {
                relays.add(relay);
            }
        }
        return relays;
    }

    private static Relay collate(List<@Nullable VoteEntry> all, int half) {
        Map<String, Integer> counts = new HashMap<>();
        for (VoteEntry entry : Counting.present(all)) {
            if (entry.ed25519() != null) {
                counts.merge(Arrays.toString(entry.ed25519()), 1, Integer::sum);
            }
        }
        for (Map.Entry<String, Integer> named : counts.entrySet()) {
            if (named.getValue() > half) {
                List<@Nullable VoteEntry> agreeing = new ArrayList<>(all);
                agreeing.replaceAll(entry -> entry == null
                                || entry.ed25519() == null
                                || Arrays.toString(entry.ed25519()).equals(named.getKey())
                        ? entry
                        : null);
                return new Relay(agreeing, named.getValue());
            }
        }
        return new Relay(all, 0);
    }
}
