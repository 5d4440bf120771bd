package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The ways in which votes are counted.
final class Counting {
    private Counting() {}

    /// The one that stands most often in a sorted list; of several the last. Null for an empty list.
    static <T> @Nullable T mostFrequent(List<T> sorted, Comparator<? super T> order) {
        T best = null;
        int bestCount = 0;
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || order.compare(sorted.get(from), sorted.get(i)) != 0) {
                if (i - from >= bestCount) {
                    best = sorted.get(from);
                    bestCount = i - from;
                }
                from = i;
            }
        }
        return best;
    }

    /// The text that stands most often in a list in any order; of several the last by their bytes.
    static @Nullable String mostFrequentText(List<String> texts) {
        List<String> sorted = new ArrayList<>(texts);
        Collections.sort(sorted);
        return mostFrequent(sorted, Comparator.naturalOrder());
    }

    /// Those that stand more than `min` times side by side, in the order of the list.
    static List<String> moreOftenThan(int min, List<String> sorted) {
        List<String> frequent = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || !sorted.get(from).equals(sorted.get(i))) {
                if (i - from > min) {
                    frequent.add(sorted.get(from));
                }
                from = i;
            }
        }
        return frequent;
    }

    /// The middle one; of an even number the lower of the middle two.
    static <T extends Comparable<? super T>> T median(List<T> values) {
        List<T> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((sorted.size() - 1) / 2);
    }

    /// Those that are there, in a list to be changed.
    static <T> List<T> present(List<@Nullable T> values) {
        List<T> out = new ArrayList<>();
        for (@Nullable T value : values) {
            if (value != null) {
                out.add(Objects.requireNonNull(value));
            }
        }
        return out;
    }
}
