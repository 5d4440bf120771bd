package sallyport.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.supervisor.budget.Limits;

class MachineNotesTest {
    private final List<String> warnings = new ArrayList<>();

    @Test
    void whatDoesNotSufficeIsWarnedOf() {
        assertThat(notes(new Limits(20_000, 26_999, 1L << 30, 32_499, 12_999), new Demand(2, 2, 2, 1L << 30)))
                .containsExactly(
                        "open files: about 27000 when all relays are busy; this process may have 20000, any process"
                                + " 26999",
                        "memory: about 1352 MiB when all queues are full; available 1024 MiB",
                        "connections that the kernel follows: about 26000 when all relays are busy; its table has room"
                                + " for 32499",
                        "local ports: about 13000 of the exit address that most relays share (2); each address has"
                                + " 12999",
                        "DNS: about 50 questions a second on average, and more in bursts; what the resolver can answer"
                                + " is for you to know");
        assertThat(warnings)
                .hasSize(5)
                .anyMatch(line -> line.startsWith("memory: 1024 MiB are available and 1352 MiB"));
        assertThat(warnings.get(3)).contains("net.netfilter.nf_conntrack_max=32500");
        assertThat(warnings.get(4)).contains("12999 are few for 2 busy exits on one address");
        warnings.clear();
        assertThat(notes(new Limits(0, 0, 0, 0, 0), new Demand(2, 0, 0, 0))).hasSize(2);
        assertThat(notes(new Limits(27_000, 27_000, 2L << 30, 32_500, 13_000), new Demand(2, 2, 2, 1L << 30)))
                .hasSize(5);
        assertThat(warnings).isEmpty();
    }

    private List<String> notes(Limits limits, Demand demand) {
        return new MachineNotes(limits, demand, warnings).notes();
    }
}
