package sallyport.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.supervisor.plan.Plan.Kind;
import sallyport.supervisor.plan.Plan.Step;

/// A plan for 250 relays can be read, and hides nothing that differs.
class StepLinesTest {
    private static final int MANY = StepLines.ALIKE_MAX + 1;

    private final List<Step> steps = new ArrayList<>();

    @Test
    void asManyAsOneReadsHaveALineEach() {
        add(Kind.CREATE, "exits", StepLines.ALIKE_MAX, "port 443");
        assertThat(StepLines.of(steps, false))
                .hasSize(StepLines.ALIKE_MAX)
                .startsWith("  + exits-1  192.0.2.1 port 443")
                .endsWith("  + exits-40  192.0.2.40 port 443");
    }

    @Test
    void manyOfOneKindAndGroupBecomeOneLine() {
        add(Kind.CREATE, "east", MANY, "port 443");
        add(Kind.CREATE, "west", 2, "port 9001");
        for (int i = 3; i < MANY + 3; i++) {
            steps.add(new Step(Kind.REMOVE, "west-" + i, "drains and stops"));
        }
        assertThat(StepLines.of(steps, false))
                .containsExactly(
                        "  + east-1 … east-41  41 relays: 192.0.2.1 port 443 … 192.0.2.41 port 443",
                        "  + west-1  192.0.2.1 port 9001",
                        "  + west-2  192.0.2.2 port 9001",
                        "  - west-3 … west-43  41 relays: drains and stops");
        assertThat(StepLines.of(steps, true)).hasSize(2 * MANY + 2);
    }

    /// Among many that change alike, the one that changes otherwise is what one should see.
    @Test
    void whatChangesOtherwiseStandsOnItsOwn() {
        for (int i = 1; i <= MANY; i++) {
            steps.add(new Step(Kind.CHANGE, "exits-" + i, "exit-policy"));
        }
        steps.add(new Step(Kind.CHANGE, "exits-42", "exit-policy, contact"));
        steps.add(new Step(Kind.CHANGE, "", "process.rules"));
        steps.add(new Step(Kind.RECORD, "", "the configuration is recorded anew"));
        assertThat(StepLines.of(steps, false))
                .containsExactly(
                        "  ~ exits-1 … exits-41  41 relays: exit-policy",
                        "  ~ exits-42  exit-policy, contact",
                        "  ~ process.rules",
                        "  * the configuration is recorded anew");
    }

    private void add(Kind kind, String group, int relays, String what) {
        for (int i = 1; i <= relays; i++) {
            steps.add(new Step(kind, group + "-" + i, "192.0.2." + i + " " + what));
        }
    }
}
