package sallyport.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.ConfigValues;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.Problem;

class BudgetCheckTest {
    /// As docs/memory.md has it, for one relay.
    private static final long IDLE_MIB = 324;

    @TempDir
    Path directory;

    private FleetSpec fleet;
    private ConfigValues values;

    @BeforeEach
    void read() throws Exception {
        Path file = Files.writeString(directory.resolve("fleet.conf"), """
                data-directory = "%s/data"
                network.kind = public
                process.memory-in-queues-max = 1 GiB
                relays = [ { nickname = one, address = 192.0.2.1, or-port = 9001 } ]
                """.formatted(directory));
        fleet = new ConfigReader().read(file);
        values = new ConfigReader().values(file);
    }

    @Test
    void queuesAndIdleRelaysTogetherMustFit() {
        assertThat(BudgetCheck.of(fleet, values, mib(1_024 + IDLE_MIB))).isEmpty();
        Problem tooMuch =
                BudgetCheck.of(fleet, values, mib(1_024 + IDLE_MIB) - 1).orElseThrow();
        assertThat(tooMuch.line()).isEqualTo(3);
        assertThat(tooMuch.key()).isEqualTo("process.memory-in-queues-max");
        assertThat(BudgetCheck.of(fleet, values, mib(1_000)).orElseThrow().fix())
                .startsWith("write " + (1_000 - IDLE_MIB) + " MiB or less");
        assertThat(BudgetCheck.of(fleet, values, mib(IDLE_MIB)).orElseThrow().fix())
                .isEqualTo("have fewer relays, or more memory");
    }

    @Test
    void aMachineOfUnknownMemoryHasEnough() {
        assertThat(BudgetCheck.of(fleet, values, 0)).isEmpty();
    }

    private static long mib(long count) {
        return count << 20;
    }
}
