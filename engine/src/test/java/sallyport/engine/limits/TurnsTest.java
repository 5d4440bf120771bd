package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Tasks;

class TurnsTest {
    @TempDir
    Path directory;

    /// The order is that of asking, whoever waits first; who leaves the line lets the others move up.
    @Test
    void turnsComeInTheOrderOfAsking() throws Exception {
        Turns turns = new Turns(2);
        List<Turns.Turn> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asked.add(turns.ask());
        }
        assertThat(turns.places())
                .isEqualTo(Map.of(asked.get(2), 1, asked.get(3), 2, asked.get(4), 3, asked.get(5), 4));
        List<Integer> come = new CopyOnWriteArrayList<>();
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            List<Tasks.Task> tasks = new ArrayList<>();
            for (int i = 5; i >= 0; i--) {
                int number = i;
                tasks.addFirst(world.tasks().start("one", () -> {
                    turns.await(asked.get(number), world.tasks());
                    come.add(number);
                }));
            }
            await().until(() -> come.size() == 2);
            assertThat(come).containsExactlyInAnyOrder(0, 1);
            tasks.get(3).cancel();
            assertThat(tasks.get(3).join(Duration.ofSeconds(30))).isTrue();
            assertThat(turns.places()).isEqualTo(Map.of(asked.get(2), 1, asked.get(4), 2, asked.get(5), 3));
            for (int next : List.of(2, 4, 5)) {
                turns.leave();
                await().until(() -> come.getLast() == next);
            }
            assertThat(turns.places()).isEmpty();
        }
    }
}
