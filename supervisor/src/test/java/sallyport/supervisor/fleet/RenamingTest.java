package sallyport.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;

/// Campaigns begin and end under a clock that is set by hand.
class RenamingTest {
    private static final Instant START = Instant.parse("2027-03-01T00:00:00Z");
    private static final Instant END = Instant.parse("2027-04-01T00:00:00Z");

    @TempDir
    Path directory;

    private final Names names = new Names();
    private Instant now = START.minusSeconds(1);
    private FleetSpec spec;
    private Fleet fleet;
    private Renaming renaming;

    @BeforeEach
    void aFleetStarts() throws Exception {
        spec = read("start = 2027-03-01, end = 2027-04-01, nickname = \"freeBogatov{n}\"");
        start();
    }

    @Test
    void namesChangeAtTheStartAndAtTheEndOnce() throws Exception {
        assertThat(names.drain()).containsExactly("start exit1", "start exit2");
        renaming.follow(spec, fleet);
        assertThat(names.drain()).isEmpty();
        now = START;
        renaming.follow(spec, fleet);
        assertThat(names.drain()).containsExactly("exits-1 freeBogatov1", "exits-2 freeBogatov2");
        now = END.minusNanos(1);
        renaming.follow(spec, fleet);
        assertThat(names.drain()).isEmpty();
        now = END;
        renaming.follow(spec, fleet);
        assertThat(names.drain()).containsExactly("exits-1 exit1", "exits-2 exit2");
    }

    @Test
    void aRestartInTheMiddleComesToTheSameNames() {
        names.drain();
        now = START.plusSeconds(1);
        start();
        assertThat(names.drain()).containsExactly("start freeBogatov1", "start freeBogatov2");
    }

    @Test
    void aReloadInTheMiddleLeavesTheNamesAndTakesOverAnotherEnd() throws Exception {
        now = START;
        renaming.follow(spec, fleet);
        names.drain();
        fleet.reload(renaming.named(spec));
        assertThat(names.drain()).isEmpty();

        FleetSpec shorter = read("start = 2027-03-01, end = 2027-03-02, nickname = \"freeBogatov{n}\"");
        now = START.plusSeconds(3600);
        fleet.reload(renaming.named(shorter));
        assertThat(names.drain()).isEmpty();
        now = START.plusSeconds(86_400);
        renaming.follow(shorter, fleet);
        assertThat(names.drain()).containsExactly("exits-1 exit1", "exits-2 exit2");
    }

    private void start() {
        renaming = new Renaming(() -> now);
        fleet = new Fleet(renaming.named(spec), names, (_, _, _) -> {});
        fleet.start();
    }

    private FleetSpec read(String campaign) throws Exception {
        return new ConfigReader()
                .read(Files.writeString(directory.resolve("sallyport.conf"), """
                        data-directory = "%s/data"
                        pools.main.ipv4 = "198.51.100.0/28"
                        groups.exits { count = 2, nickname = "exit{n}", or-port = 443 }
                        campaigns.spring { %s }
                        """.formatted(directory, campaign)));
    }

    /// Tells relays by their names.
    private static final class Names extends RecordedRelays {
        @Override
        public void start(InstanceSpec spec) {
            events.add("start " + spec.nickname());
        }

        @Override
        public UpdateOutcome update(InstanceSpec spec) {
            events.add(spec.id() + " " + spec.nickname());
            return new UpdateOutcome(List.of("nickname"), List.of(), spec);
        }
    }
}
