package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sallyport.engine.directory.UploadResult.Outcome;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyOptions;

/// When a relay is published and when not, one look around after the other.
class DescriptorPublisherTest {
    private final PublisherRig rig = new PublisherRig();

    @Test
    void aReachableRelayIsPublishedOnceAndSaysSoOnce() throws Exception {
        rig.publisher.step();
        assertThat(rig.uploads).isEmpty();
        rig.publisher.reachable();
        rig.publisher.step();
        rig.pass(Duration.ofMinutes(1));
        rig.publisher.step();

        assertThat(rig.uploads).containsExactly("initial descriptor to a0 a1 a2");
        assertThat(rig.lines).containsExactly("INFO r1 published and reachable: accepted by 3 of 3 authorities");
        assertThat(rig.publisher.status().accepted()).isEqualTo(3);
        assertThat(rig.publisher.status().isListed()).isFalse();
    }

    @Test
    void aTestingNetworkDoesNotWaitForAProof() throws Exception {
        rig.beginInTestingNetwork();
        rig.publisher.step();
        assertThat(rig.uploads).isEmpty();
        rig.pass(Duration.ofSeconds(5));
        rig.publisher.step();

        assertThat(rig.uploads).hasSize(1);
        assertThat(rig.lines).isEmpty();

        rig.publisher.reachable();
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        assertThat(rig.lines).containsExactly("INFO r1 published and reachable: accepted by 3 of 3 authorities");
    }

    /// What it carried before is no news.
    @Test
    void aRelayThatHibernatesPromisesNothing() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        for (int second : new int[] {0, 30}) {
            long nanos = TimeUnit.SECONDS.toNanos(second);
            rig.statistics.bandwidth().read(1 << 30, false, nanos);
            rig.statistics.bandwidth().written(1 << 30, false, nanos);
        }
        assertThat(rig.statistics.bandwidth().observedBytesPerSecond()).isPositive();
        rig.hibernating = true;
        rig.publisher.changed("bandwidth has changed");
        rig.publisher.step();
        assertThat(rig.published.getLast()).contains(" 0\nextra-info-digest ");
        rig.pass(Duration.ofHours(4));
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(2);
    }

    /// C tor keeps its uploads until the last connection is gone, and then is silent.
    @Test
    void aRelayThatFallsAsleepSaysSoOnceAndIsSilentUntilItWakes() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.hibernating = true;
        rig.publisher.fellAsleep();
        rig.publisher.changed("bandwidth has changed");
        rig.publisher.step();
        assertThat(rig.published.getLast()).contains("\nhibernating 1\nhidden-service-dir\n");
        rig.pass(Duration.ofHours(20));
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(2);
        rig.hibernating = false;
        rig.publisher.wokeUp();
        rig.publisher.changed("bandwidth has changed");
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(3);
        assertThat(rig.published.getLast()).doesNotContain("hibernating").contains("\nuptime 0\n");
    }

    /// Only those that have not got it, later and later, and the same text.
    @Test
    void unreachableAuthoritiesAreTriedAgainWithPauses() throws Exception {
        rig.answers.put("a1", Outcome.UNREACHABLE);
        rig.publisher.reachable();
        rig.publisher.step();
        rig.pass(Duration.ofSeconds(59));
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        rig.pass(Duration.ofSeconds(8));
        rig.publisher.step();
        rig.pass(Duration.ofSeconds(119));
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(2);
        rig.answers.clear();
        rig.pass(Duration.ofSeconds(14));
        rig.publisher.step();
        rig.pass(Duration.ofHours(2));
        rig.publisher.step();

        assertThat(rig.uploads)
                .containsExactly(
                        "initial descriptor to a0 a1 a2", "initial descriptor to a1", "initial descriptor to a1");
        assertThat(Set.copyOf(rig.published)).as("one and the same text").hasSize(1);
        assertThat(rig.publisher.status().accepted()).isEqualTo(3);
    }

    @Test
    void nobodyReachableIsSaidOnceAndARefusalOncePerReason() throws Exception {
        rig.answers.putAll(Map.of("a0", Outcome.UNREACHABLE, "a1", Outcome.UNREACHABLE, "a2", Outcome.REFUSED));
        rig.publisher.reachable();
        rig.publisher.step();
        rig.pass(Duration.ofMinutes(3));
        rig.publisher.step();
        rig.publisher.changed("config change");
        rig.publisher.step();

        assertThat(rig.lines)
                .containsExactly(
                        "WARN r1 authority a2 refused us: told to",
                        "WARN r1 not published: none of 3 authorities could be reached; trying again, check the network");
        assertThat(rig.uploads)
                .as("a refused text is not sent again, a new one is")
                .containsExactly(
                        "initial descriptor to a0 a1 a2", "initial descriptor to a0 a1", "config change to a0 a1 a2");
    }

    @Test
    void anAuthorityWithEverOtherReasonsIsNotListenedToForEver() throws Exception {
        rig.answers.put("a2", Outcome.REFUSED);
        rig.publisher.reachable();
        for (int i = 0; i < DescriptorPublisher.TOLD_REFUSALS_MAX + 10; i++) {
            rig.refusal = "reason " + i;
            rig.publisher.changed("config change");
            rig.publisher.step();
        }

        assertThat(rig.lines)
                .filteredOn(line -> line.contains("refused us"))
                .hasSize(DescriptorPublisher.TOLD_REFUSALS_MAX);
    }

    @Test
    void aChangeWithinTheSameSecondHasALaterTime() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.publisher.changed("rotated onion key");
        rig.publisher.step();
        rig.publisher.step();

        assertThat(rig.uploads).hasSize(2).last().isEqualTo("rotated onion key to a0 a1 a2");
        assertThat(rig.published.get(0)).contains("published 2026-11-21 12:34:56\n");
        assertThat(rig.published.get(1)).contains("published 2026-11-21 12:34:57\n");
    }

    /// Other relays of the process start and stop; nobody tells this one. Of a fleet that starts relay by
    /// relay each would else publish once for every other.
    @Test
    void membersMoreArePublishedOnceNoneComesAnyMore() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        for (Set<String> grown : List.of(Set.of("AA"), Set.of("AA", "BB"))) {
            rig.family = new TreeSet<>(grown);
            rig.pass(Duration.ofMinutes(1));
            rig.publisher.step();
            assertThat(rig.uploads).hasSize(1);
        }
        rig.pass(Duration.ofMinutes(1));
        rig.publisher.step();
        rig.publisher.step();

        assertThat(rig.uploads).hasSize(2).last().isEqualTo("family changed to a0 a1 a2");
        assertThat(rig.published.get(0)).doesNotContain("\nfamily ");
        assertThat(rig.published.get(1)).contains("\nfamily $AA $BB\n");
    }

    /// What was proved is about the old address.
    @Test
    void aRelayThatMovedIsPublishedWhenItsNewAddressIsProved() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.pass(Duration.ofHours(1));
        rig.publisher.moved();
        rig.publisher.changed("configuration changed");
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        rig.pass(Duration.ofMinutes(1));
        rig.publisher.reachable();
        rig.publisher.step();

        assertThat(rig.uploads).hasSize(2).last().isEqualTo("configuration changed to a0 a1 a2");
        assertThat(rig.published.getLast()).contains("\nuptime 60\n");
    }

    /// The master secret is elsewhere and nobody renewed the signing key in time.
    @Test
    void withAnEndedSigningKeyNothingIsPublishedAndThatIsSaidOnce() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.lines.clear();
        rig.pass(Duration.ofDays(30).plusHours(1));
        rig.publisher.step();
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        assertThat(rig.lines)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("ERROR r1 no longer published: its signing key ended");

        assertThat(rig.keys.reload()).as("the master secret makes a new one").isTrue();
        rig.publisher.changed("new keys");
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(2).last().isEqualTo("new keys to a0 a1 a2");
    }

    /// A policy or family too long for the authorities: said once with the key to blame, the old one
    /// stays, and the task goes on.
    @Test
    void aDescriptorTooLongIsSaidOnceAndTheOldOneStays() throws Exception {
        rig.publisher.reachable();
        rig.publisher.step();
        rig.lines.clear();
        rig.policy = ExitPolicy.parse(
                IntStream.range(0, 999)
                        .mapToObj(i -> "reject 192.0." + i / 250 + "." + i % 250 + ":" + (i + 1))
                        .toList(),
                new ExitPolicyOptions(false, false, List.of()));
        rig.publisher.changed("configuration changed");
        rig.publisher.step();
        rig.pass(Duration.ofMinutes(1));
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        assertThat(rig.lines)
                .singleElement()
                .asString()
                .startsWith("ERROR r1 the old descriptor stays: the descriptor would have ")
                .contains("authorities take 20000")
                .contains("are exit-policy; shorten it");

        rig.policy = ExitPolicy.REJECT_ALL;
        rig.family = new TreeSet<>();
        for (int i = 0; i < 500; i++) {
            rig.family.add(String.format("%040X", i));
        }
        rig.publisher.step();
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(1);
        assertThat(rig.lines).hasSize(2).last().asString().contains("21000 of them are family; shorten it");

        rig.family = new TreeSet<>();
        rig.publisher.changed("configuration changed");
        rig.publisher.step();
        assertThat(rig.uploads).hasSize(2).last().isEqualTo("configuration changed to a0 a1 a2");
        assertThat(rig.lines).hasSize(2);
    }
}
