package sallyport.engine.limits;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Who has most gives first: an order of things of several sources in which the first of them, however many are taken
/// away, leave the sources as even as can be. Of one source the oldest goes first.
public final class MostFirst {
    private MostFirst() {}

    private record Ranked<T>(T thing, int rank, long age) {}

    /// @param source whose a thing is
    /// @param age how old a thing is, in any unit
    public static <T> List<T> order(Collection<T> things, ToLongFunction<T> source, ToLongFunction<T> age) {
        Map<Long, List<T>> bySource = new HashMap<>();
        for (T thing : things) {
            bySource.computeIfAbsent(source.applyAsLong(thing), _ -> new ArrayList<>())
                    .add(thing);
        }
        List<Ranked<T>> ranked = new ArrayList<>(things.size());
        for (List<T> ofOne : bySource.values()) {
            ofOne.sort(Comparator.comparingLong(age).reversed());
            for (int i = 0; i < ofOne.size(); i++) {
                T thing = ofOne.get(i);
                // What its source has while it is there and all that is older is not.
                ranked.add(new Ranked<>(thing, ofOne.size() - i, age.applyAsLong(thing)));
            }
        }
        ranked.sort(Comparator.<Ranked<T>>comparingInt(Ranked::rank)
                .thenComparingLong(Ranked::age)
                .reversed());
        return ranked.stream().map(Ranked::thing).toList();
    }
}
