package sallyport.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.HostChoice;

/// What a plan says beside its steps: what the operator would otherwise learn from users, authorities or the kernel.
class PlannerTest {
    private static final Limits UNKNOWN = new Limits(0, 0, 0, 0, 0);
    private static final String THREE = """
            pools.main.ipv4 = "198.51.100.0/28"
            groups.exits { count = 3, nickname = "exit{n}", or-port = 443, exit-policy = web }
            """;

    @TempDir
    Path directory;

    @Test
    void whatIsNewIsMeasuredAndUploadedAndTakesNothingFromAnybody() throws Exception {
        Plan plan = plan(Optional.empty(), read(THREE), facts(Set.of("exits-1"), OptionalInt.empty()));
        assertThat(plan.notes())
                .contains(
                        "new identities of 2 relays: authorities measure them within days, full use takes weeks",
                        "1 relay with keys from before",
                        "first descriptors of 3 relays are uploaded, each when its relay was reached from outside",
                        "no stream is cut",
                        "no process runs here: nothing takes effect before `sallyport run`")
                .anyMatch(note -> note.startsWith("memory: about 332 MiB and what waits in queues"));
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void whatRelaysLoseIsSaidBeforeTheyLoseIt() throws Exception {
        FleetReading before = read(THREE);
        FleetReading now = read(THREE.replace("= 3", "= 2")
                + "groups.exits.relays.\"2\" { address = 198.51.100.9 }\n"
                + "groups.exits.relays.\"1\" { exit-policy = reduced, exit-policy-cuts-streams = true }\n"
                + "process.starts-at-once = 3\n");
        Plan plan = plan(Optional.of(before), now, facts(Set.of(), OptionalInt.of(6)));
        assertThat(plan.notes())
                .contains(
                        "flags at risk, by the last consensus: exits-2 (Exit), exits-3 (Exit Stable)",
                        "a new descriptor of 2 relays that run is uploaded",
                        "the streams of 1 relay are cut",
                        "streams that the new policy refuses are cut, on 1 relay (exit-policy-cuts-streams)",
                        "what waits for a restart (!) takes effect when the process is started again, which ends every"
                                + " stream; SIGINT lets circuits end first",
                        "the running process follows state 6, and state 7 is applied: applying takes it over, too")
                .doesNotContain("no stream is cut")
                .noneMatch(note -> note.startsWith("no process runs"));
    }

    @Test
    void aFamilyWithoutItsKeyIsSaidWithTheCommandThatMakesIt() throws Exception {
        String keygen = "sallyport identity family-keygen --directory " + directory + "/data/family-keys NAME";
        FleetReading wanted = read("family.ids = \"*\"\n" + THREE);
        PlanFacts without =
                new PlanFacts(Set.of(), Set.of("exits-1", "exits-2"), Map.of(), OptionalInt.empty(), UNKNOWN);
        assertThat(plan(Optional.empty(), wanted, without).warnings())
                .containsExactly("family: family.ids asks for a key that is not here, and 2 relays will not start"
                        + " without it, nor have a family certificate; make the first with: " + keygen
                        + " (or copy it from another host)");

        FleetReading promising = read("fleet.defaults.contact = \"proof:uri-familyid-ed25519\"\n" + THREE);
        assertThat(plan(Optional.empty(), promising, facts(Set.of(), OptionalInt.empty()))
                        .warnings())
                .containsExactly("family: the contact of 3 relays promises proof by a family key, and without one they"
                        + " have no family certificate; make it with: " + keygen + ", then set family.ids = \"*\"");
    }

    private static PlanFacts facts(Set<String> withKeys, OptionalInt follows) {
        Map<String, Set<String>> flags = Map.of(
                "exits-1", Set.of("Guard", "Exit"), "exits-2", Set.of("Exit"), "exits-3", Set.of("Stable", "Exit"));
        return new PlanFacts(withKeys, Set.of(), flags, follows, UNKNOWN);
    }

    private static Plan plan(Optional<FleetReading> applied, FleetReading wanted, PlanFacts facts) {
        return Planner.plan("sallyport.conf", applied.isEmpty() ? 0 : 7, applied, wanted, facts);
    }

    private FleetReading read(String text) throws Exception {
        Path file = Files.writeString(
                directory.resolve("sallyport.conf"), "data-directory = \"" + directory + "/data\"\n" + text);
        return new ConfigReader().read(file, HostChoice.ANY);
    }
}
