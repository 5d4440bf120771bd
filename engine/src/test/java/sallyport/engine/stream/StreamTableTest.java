package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTableTest {
    /// Any order of putting and removing finds what a map finds.
    @Test
    void behavesLikeAMap() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            StreamTable table = new StreamTable();
            Map<Integer, OpenStream> model = new HashMap<>();
            for (int step = 0; step < 2000; step++) {
                int id = 1 + random.nextInt(random.nextBoolean() ? 40 : 65535);
                if (model.containsKey(id)) {
                    assertThat(table.get(id)).isSameAs(model.get(id));
                    if (random.nextBoolean()) {
                        table.remove(id);
                        model.remove(id);
                    }
                } else {
                    assertThat(table.get(id)).as("seed %s", seed).isNull();
                    table.remove(id);
                    if (random.nextInt(3) > 0) {
                        OpenStream stream = new LookupStream(null, id);
                        table.put(id, stream);
                        model.put(id, stream);
                    }
                }
                assertThat(table.size()).isEqualTo(model.size());
            }
            model.forEach((id, stream) -> assertThat(table.get(id)).isSameAs(stream));
            assertThat(table.drain()).containsExactlyInAnyOrderElementsOf(model.values());
            assertThat(table.size()).isZero();
        }
    }

    @Test
    void holdsEveryIdThereIs() {
        StreamTable table = new StreamTable();
        for (int id = 1; id <= 65535; id++) {
            table.put(id, new LookupStream(null, id));
        }
        for (int id = 1; id <= 65535; id++) {
            assertThat(table.get(id)).isNotNull();
            table.remove(id);
        }
        assertThat(table.size()).isZero();
    }
}
