package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultCountersTest {
    @Test
    void eachKindHasItsOwnSum() {
        FaultCounters faults = new FaultCounters();
        faults.count("cell too short");
        faults.count("cell too short");
        faults.count("no such circuit");

        assertThat(faults.snapshot()).containsEntry("cell too short", 2L).containsEntry("no such circuit", 1L);
    }

    /// Should input ever get into a text, the map must not grow with it.
    @Test
    void kindsBeyondTheLimitAreOne() {
        FaultCounters faults = new FaultCounters();
        for (int i = 0; i < FaultCounters.KINDS_MAX + 500; i++) {
            faults.count("kind " + i);
        }

        assertThat(faults.snapshot()).hasSize(FaultCounters.KINDS_MAX + 1).containsEntry(FaultCounters.OVERFLOW, 500L);
    }
}
