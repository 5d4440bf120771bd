package sallyport.lab.vote;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sallyport.engine.bytes.Hex;

/// Who owns which nickname, where authorities still vote on `Named` and `Unnamed` (dir-spec 3.8.0.2).
final class Naming {
    private static final String CONFLICT = "conflict";
    private static final String NOBODY = "nobody";

    // Identities in hex, or one of the words above, by nickname in lower case.
    private final Map<String, String> owners = new HashMap<>();

    Naming(List<Vote> votes) {
        for (Vote vote : votes) {
            for (VoteEntry entry : vote.ballot().entries()) {
                if (entry.flags().contains("Named")) {
                    owners.merge(
                            key(entry.nickname()),
                            Hex.upper(entry.identity()),
                            (old, id) -> old.equals(id) ? id : CONFLICT);
                }
            }
        }
        for (Vote vote : votes) {
            for (VoteEntry entry : vote.ballot().entries()) {
                if (entry.flags().contains("Unnamed")) {
                    String id = Hex.upper(entry.identity());
                    owners.merge(key(entry.nickname()), NOBODY, (old, _) -> old.equals(id) ? CONFLICT : old);
                }
            }
        }
    }

    boolean isNamed(String nickname, byte[] identity) {
        return Hex.upper(identity).equals(owners.get(key(nickname)));
    }

    boolean isUnnamed(String nickname, byte[] identity) {
        return owners.containsKey(key(nickname)) && !isNamed(nickname, identity);
    }

    private static String key(String nickname) {
        return nickname.toLowerCase(Locale.ROOT);
    }
}
