package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.engine.directory.KnownNetwork;

/// What a publisher makes of the word of the consensus on its relay.
class ListedRelayTest {
    private final PublisherRig rig = new PublisherRig();

    @Test
    void theConsensusIsReadAndItsWordToldOnce() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.lines.clear();
        byte[] us = rig.keys.identity().rsaDigest();
        KnownNetwork.lists(rig.directory, rig.clock.instant(), us, Set.of("Valid", "Running", "Exit"));
        rig.publisher.step();
        rig.publisher.step();
        assertThat(rig.lines).containsExactly("INFO r1 listed in the consensus: Exit Running Valid");
        assertThat(rig.publisher.status().flags()).containsExactly("Exit", "Running", "Valid");

        rig.lines.clear();
        KnownNetwork.listsNobody(rig.directory, rig.clock.instant());
        rig.publisher.step();
        rig.publisher.step();
        assertThat(rig.lines).hasSize(1).first().asString().startsWith("WARN r1 no longer listed");
        assertThat(rig.publisher.status().isListed()).isFalse();
    }

    @Test
    void whoIsMissingFromTheConsensusPublishesAgain() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.pass(Duration.ofMinutes(89));
        KnownNetwork.listsNobody(rig.directory, rig.clock.instant());
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        rig.pass(Duration.ofMinutes(1));
        rig.publisher.step();

        assertThat(rig.uploads).hasSize(2).last().isEqualTo("not listed in consensus to a0 a1 a2");
    }

    /// A consensus past its time says nothing about us.
    @Test
    void anExpiredConsensusIsNotListenedTo() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        KnownNetwork.listsNobody(rig.directory, rig.clock.instant());
        rig.pass(Duration.ofHours(4));
        rig.publisher.step();

        assertThat(rig.uploads).hasSize(1);
    }

    /// The consensus lists what is not ours: before anything is published whoever answers there counts,
    /// after it the time, and a move begins anew.
    @Test
    void whoseKeysAreInUseElsewhereIsNotPublishedUnlessItInsists() throws Exception {
        List<String> found = new ArrayList<>();
        boolean[] insists = {false};
        boolean[] there = {true};
        rig.publisher.whenElsewhere(_ -> there[0], how -> {
            found.add(how);
            return insists[0];
        });
        rig.publisher.reachable();
        rig.place = "203.0.113.1";
        rig.lists();
        rig.publisher.step();
        assertThat(found).singleElement().asString().contains("answers there");
        assertThat(rig.uploads).isEmpty();

        rig.pass(Duration.ofHours(1));
        rig.lists();
        insists[0] = true;
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        found.clear();

        insists[0] = false;
        rig.pass(Duration.ofHours(2));
        rig.lists();
        rig.publisher.step();
        assertThat(found).as("two consensuses later").isEmpty();
        rig.pass(Duration.ofHours(1));
        rig.lists();
        rig.publisher.step();
        assertThat(found).singleElement().asString().contains("published there after");

        found.clear();
        there[0] = false;
        rig.place = "203.0.113.2";
        rig.publisher.moved();
        rig.publisher.changed("configuration changed");
        rig.publisher.step();
        assertThat(found).as("at another place").isEmpty();
    }
}
