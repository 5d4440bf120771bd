package sallyport.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    /// The kernel gives a setting's digits in one read, or its first one alone.
    @Test
    void thisOneIsReadWhole() {
        Machine here = Machine.here(ProcessHandle.current().pid());
        assertThat(here.filesMax()).isGreaterThan(100);
        assertThat(here.kernelFilesMax()).isGreaterThanOrEqualTo(here.filesMax());
        assertThat(here.memoryBytes()).isGreaterThan(100 << 20);
    }

    @Test
    void whatDoesNotSufficeIsWarnedOf() {
        List<String> warnings = new ArrayList<>();
        assertThat(new Machine(20_000, 26_999, 1L << 30).needs(2, 1L << 30, warnings))
                .first()
                .isEqualTo("open files: about 27000 when all relays are busy; this process may have 20000, any process"
                        + " 26999");
        assertThat(warnings).hasSize(3).last().asString().startsWith("memory: 1024 MiB are available and 1352 MiB");
        warnings.clear();
        assertThat(new Machine(0, 0, 0).needs(2, 0, warnings)).hasSize(1);
        assertThat(warnings).isEmpty();
    }
}
