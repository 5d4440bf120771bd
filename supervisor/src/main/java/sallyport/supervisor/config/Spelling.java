package sallyport.supervisor.config;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Guesses which word was meant.
public final class Spelling {
    private Spelling() {}

    /// The known word nearest to `word`, or null when none is near: a third of its letters may differ, and neither
    /// capitals nor `-` and `_` count, so that torrc's spelling (`ORPort`) is understood.
    public static @Nullable String nearest(String word, Set<String> known) {
        String bare = bare(word);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : known) {
            String other = bare(candidate);
            int distance = distance(bare, other);
            if (distance < bestDistance && distance <= Math.max(1, Math.min(bare.length(), other.length()) / 3)) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_ .]", "");
    }

    /// Letters to insert, delete or replace.
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
