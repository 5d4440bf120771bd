package sallyport.supervisor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.assignment.LockReader;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.HostChoice;
import sallyport.supervisor.plan.Plan;
import sallyport.supervisor.plan.PlanFacts;
import sallyport.supervisor.plan.PlanText;
import sallyport.supervisor.plan.Planner;

/// Applying, and being ended while applying.
class ApplierTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final PlanFacts FACTS =
            new PlanFacts(Set.of(), Set.of(), Map.of(), OptionalInt.empty(), new Limits(0, 0, 0, 0, 0));

    /// The process ends here: nobody cleans up.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    Path directory;

    private Path file;
    private Path lock;
    private Path data;

    @BeforeEach
    void place() {
        file = directory.resolve("sallyport.conf");
        lock = directory.resolve("sallyport.conf.lock");
        data = directory.resolve("data");
    }

    @Test
    void whatWasAppliedIsWhatIsRead() throws Exception {
        configure(3);
        Plan plan = plan();
        AppliedState state = apply(plan, "first", DurableFiles.Between.NOTHING);
        assertThat(state.number()).isEqualTo(1);
        AppliedStates states = new AppliedStates(data);
        assertThat(states.latest()).contains(state);
        assertThat(states.read(1).why()).isEqualTo("first");
        assertThat(lock).hasContent(state.lock());
        assertThat(LockReader.read(state.lock()).lock().places())
                .hasSize(3)
                .allSatisfy(place -> assertThat(place.fingerprint()).hasSize(40));
        assertThat(plan().isEmpty()).isTrue();
    }

    @Test
    void growingKeepsWhoeverIsThere() throws Exception {
        configure(3);
        apply(plan(), "", DurableFiles.Between.NOTHING);
        String first = Files.readString(lock);
        configure(10);
        Plan plan = PlanText.parse(PlanText.json(plan()));
        assertThat(plan.steps()).hasSize(7).allMatch(step -> step.kind() == Plan.Kind.CREATE);
        assertThat(plan.notes()).contains("a new descriptor of 3 relays that run is uploaded", "no stream is cut");
        apply(plan, "grow", DurableFiles.Between.NOTHING);
        assertThat(TextDifference.between(first, Files.readString(lock)))
                .hasSize(7)
                .allMatch(line -> line.startsWith("+relay exits-"));
    }

    @Test
    void aPlanFromAnOlderStateIsRefused() throws Exception {
        configure(3);
        Plan old = plan();
        apply(old, "", DurableFiles.Between.NOTHING);
        assertThatThrownBy(() -> apply(old, "", DurableFiles.Between.NOTHING))
                .isInstanceOf(Applier.Refused.class)
                .hasMessageContaining("made from state 0, and state 1 is applied");

        configure(4);
        Plan plan = plan();
        Files.writeString(lock, Files.readString(lock).replace("198.51.100.3 ", "198.51.100.9 "));
        assertThatThrownBy(() -> apply(plan, "", DurableFiles.Between.NOTHING))
                .isInstanceOf(Applier.Refused.class)
                .hasMessageContaining("has changed since the plan was made");
        assertThat(new AppliedStates(data).numbers()).containsExactly(1);
    }

    /// Whenever it is ended, all states that can be seen are whole, and the next apply comes to the same
    /// places.
    @Test
    void endedAtAnyStepTheNextApplyContinues() throws Exception {
        configure(3);
        apply(plan(), "", DurableFiles.Between.NOTHING);
        Map<Path, String> before = files();
        configure(8);
        apply(plan(), "", DurableFiles.Between.NOTHING);
        String expected = Files.readString(lock);
        int steps = 0;
        boolean ended = true;
        while (ended) {
            restore(before);
            configure(8);
            ended = appliedUntil(steps);
            AppliedStates states = new AppliedStates(data);
            AppliedState latest = states.latest().orElseThrow();
            assertThat(latest.number()).as("step %d", steps).isBetween(1, 2);
            assertThat(read(states, latest).spec().relays()).hasSize(latest.number() == 1 ? 3 : 8);

            Plan again = plan();
            assertThat(again.isEmpty()).as("step %d", steps).isEqualTo(latest.number() == 2);
            if (!again.isEmpty()) {
                apply(again, "", DurableFiles.Between.NOTHING);
            }
            assertThat(lock).as("step %d", steps).hasContent(expected);
            assertThat(states.latest().orElseThrow().lock()).isEqualTo(expected);
            assertThat(states.numbers()).containsExactly(1, 2);
            steps++;
        }
        assertThat(steps).isGreaterThan(15);
    }

    /// The saved plan, too: the lock file may be further on than when it was made.
    @Test
    void aSavedPlanCanBeAppliedAgainAfterItWasEnded() throws Exception {
        configure(3);
        Plan plan = plan();
        assertThatThrownBy(() -> apply(plan, "", next -> {
                    if (next.equals("rename to 000001")) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
        assertThat(lock).exists();
        assertThat(new AppliedStates(data).latest()).isEmpty();
        assertThat(apply(plan, "", DurableFiles.Between.NOTHING).number()).isEqualTo(1);
    }

    private boolean appliedUntil(int steps) throws Exception {
        int[] left = {steps};
        try {
            apply(plan(), "", _ -> {
                if (left[0]-- == 0) {
                    throw new Killed();
                }
            });
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private void configure(int count) throws IOException {
        Files.writeString(file, """
                data-directory = "%s"
                pools.main.ipv4 = "198.51.100.0/26"
                groups.exits { count = %d, nickname = "exit{n}", or-port = 443 }
                """.formatted(data, count));
    }

    private Plan plan() throws Exception {
        AppliedStates states = new AppliedStates(data);
        Optional<AppliedState> state = states.latest();
        Optional<FleetReading> applied = state.isEmpty() ? Optional.empty() : Optional.of(read(states, state.get()));
        FleetReading wanted = new ConfigReader().read(file, new HostChoice("", "", true));
        return Planner.plan(file.toString(), state.map(AppliedState::number).orElse(0), applied, wanted, FACTS);
    }

    private static FleetReading read(AppliedStates states, AppliedState state) throws Exception {
        return new ConfigReader().read(states.configuration(state.number()), new HostChoice(state.host(), "", true));
    }

    private AppliedState apply(Plan plan, String why, DurableFiles.Between between) throws Exception {
        return new Applier(new AppliedStates(data, between), ApplierTest::fingerprints)
                .apply(plan, "somebody", why, NOW);
    }

    private static Map<String, String> fingerprints(FleetSpec host) {
        Map<String, String> known = new HashMap<>();
        host.relays()
                .forEach(relay ->
                        known.put(relay.id(), String.format("%040X", relay.id().hashCode() & 0xffffffffL)));
        return known;
    }

    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new HashMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                files.put(path, Files.readString(path));
            }
        }
        return files;
    }

    private void restore(Map<Path, String> files) throws IOException {
        new DurableFiles(DurableFiles.Between.NOTHING).fresh(data);
        for (Map.Entry<Path, String> entry : files.entrySet()) {
            Files.createDirectories(entry.getKey().getParent());
            Files.writeString(entry.getKey(), entry.getValue());
        }
    }
}
