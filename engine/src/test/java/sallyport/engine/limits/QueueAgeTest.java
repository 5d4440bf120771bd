package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.world.SteppedTicker;

class QueueAgeTest {
    private long now = 1000;
    private final QueueAge age = new QueueAge((SteppedTicker) () -> now);

    /// A server that does not read: the first byte ages, whatever is put behind it.
    @Test
    void aStuckQueueIsAsOldAsItsFirstByte() {
        age.added(10);
        for (int i = 0; i < 100; i++) {
            now++;
            age.added(10);
        }
        assertThat(age.oldestNanos()).isEqualTo(1000);
    }

    /// A server that reads one byte now and then must not look fresh.
    @Test
    void aTrickleDoesNotMakeItYoung() {
        age.added(1000);
        for (int i = 0; i < 500; i++) {
            now++;
            age.removed(1);
            age.added(1);
        }
        assertThat(age.oldestNanos()).isEqualTo(1000);
    }

    /// A busy upload that is never quite empty must not look like a stuck one.
    @Test
    void aQueueThatMovesStaysYoung() {
        age.added(10);
        for (int i = 0; i < 1000; i++) {
            now++;
            age.added(10);
            age.removed(10);
        }
        assertThat(now - age.oldestNanos()).isLessThanOrEqualTo(4);
    }

    @Test
    void whatIsEmptyHasNoAgeToRemember() {
        age.added(10);
        age.removed(10);
        assertThat(age.isEmpty()).isTrue();
        now = 5000;
        age.added(1);
        assertThat(age.oldestNanos()).isEqualTo(5000);
    }

    /// Against a queue that remembers every byte: never younger than the truth, and no older than two lengths.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverYoungerThanTheTruth(long seed) {
        Random random = new Random(seed);
        ArrayDeque<Long> bytes = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(3);
            if (random.nextBoolean()) {
                int count = 1 + random.nextInt(20);
                age.added(count);
                for (int b = 0; b < count; b++) {
                    bytes.add(now);
                }
            } else if (!bytes.isEmpty()) {
                int count = 1 + random.nextInt(Math.min(25, bytes.size()));
                age.removed(count);
                for (int b = 0; b < count; b++) {
                    bytes.remove();
                }
            }
            assertThat(age.isEmpty()).isEqualTo(bytes.isEmpty());
            if (!bytes.isEmpty()) {
                assertThat(age.oldestNanos()).isLessThanOrEqualTo(bytes.peek());
            }
        }
    }
}
