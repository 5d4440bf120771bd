package sallyport.supervisor.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    /// The kernel gives a setting's digits in one read, or its first one alone.
    @Test
    void thisMachineIsReadWhole() {
        Limits here = Limits.here(ProcessHandle.current().pid());
        assertThat(here.filesMax()).isGreaterThan(100);
        assertThat(here.kernelFilesMax()).isGreaterThanOrEqualTo(here.filesMax());
        assertThat(here.portsPerAddress()).isGreaterThan(1_000);
        assertThat(here.memoryBytes()).isGreaterThan(100 << 20);
    }

    @Test
    void whatIsNotKnownIsEnough() {
        Limits unknown = new Limits(0, 0, 0, 0, 0);
        Needs needs = new Needs(250);
        assertThat(unknown.hasFiles(needs) && unknown.kernelHasFiles(needs) && unknown.hasConnections(needs))
                .isTrue();
        assertThat(unknown.hasMemory(Long.MAX_VALUE) && unknown.hasPorts(Long.MAX_VALUE))
                .isTrue();
    }
}
