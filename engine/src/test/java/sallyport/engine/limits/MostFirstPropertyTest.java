package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MostFirstPropertyTest {
    private record Thing(long source, long age) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsTakenTheRestIsEven(long seed) {
        Random random = new Random(seed);
        List<Thing> things = new ArrayList<>();
        int sources = 1 + random.nextInt(8);
        for (int source = 0; source < sources; source++) {
            int count = 1 + random.nextInt(30);
            for (int i = 0; i < count; i++) {
                things.add(new Thing(source, random.nextInt(100)));
            }
        }
        List<Thing> order = MostFirst.order(things, Thing::source, Thing::age);
        assertThat(order).containsExactlyInAnyOrderElementsOf(things);
        for (int taken = 0; taken <= order.size(); taken++) {
            Map<Long, Long> left = bySource(order.subList(taken, order.size()));
            Map<Long, Long> gone = bySource(order.subList(0, taken));
            long most = left.values().stream().mapToLong(Long::longValue).max().orElse(0);
            // Who has lost anything has as many as anybody, or one less.
            gone.keySet()
                    .forEach(source -> assertThat(left.getOrDefault(source, 0L)).isGreaterThanOrEqualTo(most - 1));
        }
        for (long source = 0; source < sources; source++) {
            long of = source;
            assertThat(order.stream().filter(thing -> thing.source() == of).map(thing -> -thing.age()))
                    .isSorted();
        }
    }

    private static Map<Long, Long> bySource(List<Thing> things) {
        return things.stream().collect(Collectors.groupingBy(Thing::source, Collectors.counting()));
    }
}
