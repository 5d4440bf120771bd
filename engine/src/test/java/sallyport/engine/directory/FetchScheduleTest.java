package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;

class FetchScheduleTest {
    private static final Instant START = Instant.parse("2030-05-01T12:00:00Z");

    @TempDir
    private Path directory;

    private static Consensus consensus(int intervalSeconds, int lifeSeconds) {
        return new Consensus(
                Flavor.NS,
                START,
                START.plusSeconds(intervalSeconds),
                START.plusSeconds(lifeSeconds),
                2,
                NetworkParameters.NONE,
                NetworkParameters.NONE,
                List.of());
    }

    /// Public: fresh-until 13:00, two minutes of slop, half an hour of spread. Testing: 20 s, 1 s, 3 s.
    @ParameterizedTest
    @CsvSource({
        "false, 3600, 10800, 3720, 5520",
        "true, 20, 100, 21, 24",
        "true, 300, 900, 318, 321",
        "true, 10, 20, 11, 14",
        "false, 600, 620, 319, 619"
    })
    void asksWithinTheWindow(boolean testing, int interval, int life, int earliest, int latest) {
        try (ManualWorld world = new ManualWorld(directory, START)) {
            FetchSchedule schedule = new FetchSchedule(testing, world.entropy());
            for (int i = 0; i < 1000; i++) {
                assertThat(schedule.after(consensus(interval, life)))
                        .isBetween(START.plusSeconds(earliest), START.plusSeconds(latest));
            }
        }
    }

    /// A private network that votes each hour waits longer than one that votes each minute.
    @ParameterizedTest
    @CsvSource({"true, 0, 1000, 5000", "true, 20, 1000, 5000", "true, 3600, 1000, 60000", "false, 3600, 10000, 600000"})
    void waitsGrowAndStayBounded(boolean testing, int interval, long minMillis, long maxMillis) {
        try (ManualWorld world = new ManualWorld(directory, START)) {
            FetchSchedule schedule = new FetchSchedule(testing, world.entropy());
            if (interval > 0) {
                schedule.after(consensus(interval, 3 * interval));
            }
            Duration wait = Duration.ZERO;
            Duration sum = Duration.ZERO;
            Duration longest = Duration.ZERO;
            for (int i = 0; i < 1000; i++) {
                wait = schedule.retry(wait);
                sum = sum.plus(wait);
                longest = wait.compareTo(longest) > 0 ? wait : longest;
                assertThat(wait.toMillis()).isBetween(minMillis, maxMillis);
            }
            // Not stuck at the shortest wait, and at the longest now and then.
            assertThat(sum.dividedBy(1000).toMillis()).isGreaterThan(2 * minMillis);
            assertThat(longest.toMillis()).isEqualTo(maxMillis);
        }
    }
}
