package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final Duration PERIOD = Duration.ofHours(6);
    // System.nanoTime may begin anywhere, and run over.
    private static final long BEGIN = Long.MAX_VALUE - 5;

    private final Heartbeat heartbeat = new Heartbeat(BEGIN);

    @Test
    void itIsDueOnceAPeriod() {
        assertThat(heartbeat.isDue(PERIOD, BEGIN + PERIOD.toNanos() - 1)).isFalse();
        assertThat(heartbeat.isDue(PERIOD, BEGIN + PERIOD.toNanos())).isTrue();
        assertThat(heartbeat.isDue(PERIOD, BEGIN + PERIOD.toNanos() + 1)).isFalse();
        assertThat(heartbeat.isDue(PERIOD, BEGIN + 2 * PERIOD.toNanos())).isTrue();
    }

    @Test
    void withoutAPeriodItNeverIs() {
        assertThat(heartbeat.isDue(Duration.ZERO, BEGIN + PERIOD.toNanos())).isFalse();
        assertThat(heartbeat.isDue(Duration.ofMinutes(30), BEGIN + PERIOD.toNanos()))
                .as("with the period of a new configuration")
                .isTrue();
    }
}
