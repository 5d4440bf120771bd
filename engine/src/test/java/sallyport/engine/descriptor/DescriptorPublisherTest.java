package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.KnownNetwork;
import sallyport.engine.directory.UploadResult;
import sallyport.engine.directory.UploadResult.Outcome;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.world.Log;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;
import sallyport.engine.world.World;

/// One look around after the other, with authorities that answer as told.
class DescriptorPublisherTest {
    private final SettableClock clock = new SettableClock();
    private final MockTicker ticker = Ticker.newMockTicker();
    private final SeededEntropy entropy = new SeededEntropy(1);
    private final List<String> lines = new ArrayList<>();
    private final DirectoryStore directory = new DirectoryStore();
    private final Map<String, Outcome> answers = new HashMap<>();
    private TreeSet<String> family = new TreeSet<>();
    private ExitPolicy policy = ExitPolicy.REJECT_ALL;
    private String refusal = "told to";
    private String place = "192.0.2.7";
    private final List<String> uploads = new ArrayList<>();
    private final List<String> published = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private RelayKeys keys;

    @SuppressWarnings("NullAway.Init")
    private DescriptorPublisher publisher;

    private boolean hibernating;
    private RelayStatistics statistics;

    @BeforeEach
    void start() throws Exception {
        keys = RelayKeys.open(new MemoryStorage(), "relays/r1/keys", entropy, clock);
        publisher = publisher(false);
    }

    @Test
    void aReachableRelayIsPublishedOnceAndSaysSoOnce() throws Exception {
        publisher.step();
        assertThat(uploads).isEmpty();
        publisher.reachable();
        publisher.step();
        pass(Duration.ofMinutes(1));
        publisher.step();

        assertThat(uploads).containsExactly("initial descriptor to a0 a1 a2");
        assertThat(lines).containsExactly("INFO r1 published and reachable: accepted by 3 of 3 authorities");
        assertThat(publisher.status().accepted()).isEqualTo(3);
        assertThat(publisher.status().isListed()).isFalse();
    }

    @Test
    void aTestingNetworkDoesNotWaitForAProof() throws Exception {
        publisher = publisher(true);
        publisher.step();
        assertThat(uploads).isEmpty();
        pass(Duration.ofSeconds(5));
        publisher.step();

        assertThat(uploads).hasSize(1);
        assertThat(lines).isEmpty();

        publisher.reachable();
        publisher.step();
        assertThat(uploads).hasSize(1);
        assertThat(lines).containsExactly("INFO r1 published and reachable: accepted by 3 of 3 authorities");
    }

    /// What it carried before is no news.
    @Test
    void aRelayThatHibernatesPromisesNothing() throws Exception {
        publisher.reachable();
        publisher.step();
        for (int second : new int[] {0, 30}) {
            long nanos = TimeUnit.SECONDS.toNanos(second);
            statistics.bandwidth().read(1 << 30, false, nanos);
            statistics.bandwidth().written(1 << 30, false, nanos);
        }
        assertThat(statistics.bandwidth().observedBytesPerSecond()).isPositive();
        hibernating = true;
        publisher.changed("bandwidth has changed");
        publisher.step();
        assertThat(published.getLast()).contains(" 0\nextra-info-digest ");
        pass(Duration.ofHours(4));
        publisher.step();
        assertThat(uploads).hasSize(2);
    }

    /// C tor keeps its uploads until the last connection is gone, and then is silent.
    @Test
    void aRelayThatFallsAsleepSaysSoOnceAndIsSilentUntilItWakes() throws Exception {
        publisher.reachable();
        publisher.step();
        hibernating = true;
        publisher.fellAsleep();
        publisher.changed("bandwidth has changed");
        publisher.step();
        assertThat(published.getLast()).contains("\nhibernating 1\nhidden-service-dir\n");
        pass(Duration.ofHours(20));
        publisher.step();
        assertThat(uploads).hasSize(2);
        hibernating = false;
        publisher.wokeUp();
        publisher.changed("bandwidth has changed");
        publisher.step();
        assertThat(uploads).hasSize(3);
        assertThat(published.getLast()).doesNotContain("hibernating").contains("\nuptime 0\n");
    }

    /// Only those that have not got it, later and later, and the same text.
    @Test
    void unreachableAuthoritiesAreTriedAgainWithPauses() throws Exception {
        answers.put("a1", Outcome.UNREACHABLE);
        publisher.reachable();
        publisher.step();
        pass(Duration.ofSeconds(59));
        publisher.step();
        assertThat(uploads).hasSize(1);
        pass(Duration.ofSeconds(8));
        publisher.step();
        pass(Duration.ofSeconds(119));
        publisher.step();
        assertThat(uploads).hasSize(2);
        answers.clear();
        pass(Duration.ofSeconds(14));
        publisher.step();
        pass(Duration.ofHours(2));
        publisher.step();

        assertThat(uploads)
                .containsExactly(
                        "initial descriptor to a0 a1 a2", "initial descriptor to a1", "initial descriptor to a1");
        assertThat(Set.copyOf(published)).as("one and the same text").hasSize(1);
        assertThat(publisher.status().accepted()).isEqualTo(3);
    }

    @Test
    void nobodyReachableIsSaidOnceAndARefusalOncePerReason() throws Exception {
        answers.putAll(Map.of("a0", Outcome.UNREACHABLE, "a1", Outcome.UNREACHABLE, "a2", Outcome.REFUSED));
        publisher.reachable();
        publisher.step();
        pass(Duration.ofMinutes(3));
        publisher.step();
        publisher.changed("config change");
        publisher.step();

        assertThat(lines)
                .containsExactly(
                        "WARN r1 authority a2 refused us: told to",
                        "WARN r1 not published: none of 3 authorities could be reached; trying again, check the network");
        assertThat(uploads)
                .as("a refused text is not sent again, a new one is")
                .containsExactly(
                        "initial descriptor to a0 a1 a2", "initial descriptor to a0 a1", "config change to a0 a1 a2");
    }

    @Test
    void anAuthorityWithEverOtherReasonsIsNotListenedToForEver() throws Exception {
        answers.put("a2", Outcome.REFUSED);
        publisher.reachable();
        for (int i = 0; i < DescriptorPublisher.TOLD_REFUSALS_MAX + 10; i++) {
            refusal = "reason " + i;
            publisher.changed("config change");
            publisher.step();
        }

        assertThat(lines)
                .filteredOn(line -> line.contains("refused us"))
                .hasSize(DescriptorPublisher.TOLD_REFUSALS_MAX);
    }

    @Test
    void aChangeWithinTheSameSecondHasALaterTime() throws Exception {
        publisher.reachable();
        publisher.step();
        publisher.changed("rotated onion key");
        publisher.step();
        publisher.step();

        assertThat(uploads).hasSize(2).last().isEqualTo("rotated onion key to a0 a1 a2");
        assertThat(published.get(0)).contains("published 2026-11-21 12:34:56\n");
        assertThat(published.get(1)).contains("published 2026-11-21 12:34:57\n");
    }

    /// Other relays of the process start and stop; nobody tells this one. Of a fleet that starts relay by
    /// relay each would else publish once for every other.
    @Test
    void membersMoreArePublishedOnceNoneComesAnyMore() throws Exception {
        publisher.reachable();
        publisher.step();
        for (Set<String> grown : List.of(Set.of("AA"), Set.of("AA", "BB"))) {
            family = new TreeSet<>(grown);
            pass(Duration.ofMinutes(1));
            publisher.step();
            assertThat(uploads).hasSize(1);
        }
        pass(Duration.ofMinutes(1));
        publisher.step();
        publisher.step();

        assertThat(uploads).hasSize(2).last().isEqualTo("family changed to a0 a1 a2");
        assertThat(published.get(0)).doesNotContain("\nfamily ");
        assertThat(published.get(1)).contains("\nfamily $AA $BB\n");
    }

    /// What was proved is about the old address.
    @Test
    void aRelayThatMovedIsPublishedWhenItsNewAddressIsProved() throws Exception {
        publisher.reachable();
        publisher.step();
        pass(Duration.ofHours(1));
        publisher.moved();
        publisher.changed("configuration changed");
        publisher.step();
        assertThat(uploads).hasSize(1);
        pass(Duration.ofMinutes(1));
        publisher.reachable();
        publisher.step();

        assertThat(uploads).hasSize(2).last().isEqualTo("configuration changed to a0 a1 a2");
        assertThat(published.getLast()).contains("\nuptime 60\n");
    }

    /// The master secret is elsewhere and nobody renewed the signing key in time.
    @Test
    void withAnEndedSigningKeyNothingIsPublishedAndThatIsSaidOnce() throws Exception {
        publisher.reachable();
        publisher.step();
        lines.clear();
        pass(Duration.ofDays(30).plusHours(1));
        publisher.step();
        publisher.step();
        assertThat(uploads).hasSize(1);
        assertThat(lines)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("ERROR r1 no longer published: its signing key ended");

        assertThat(keys.reload()).as("the master secret makes a new one").isTrue();
        publisher.changed("new keys");
        publisher.step();
        assertThat(uploads).hasSize(2).last().isEqualTo("new keys to a0 a1 a2");
    }

    @Test
    void theConsensusIsReadAndItsWordToldOnce() throws Exception {
        publisher.reachable();
        publisher.step();
        lines.clear();
        byte[] us = keys.identity().rsaDigest();
        KnownNetwork.lists(directory, clock.instant(), us, Set.of("Valid", "Running", "Exit"));
        publisher.step();
        publisher.step();
        assertThat(lines).containsExactly("INFO r1 listed in the consensus: Exit Running Valid");
        assertThat(publisher.status().flags()).containsExactly("Exit", "Running", "Valid");

        lines.clear();
        KnownNetwork.listsNobody(directory, clock.instant());
        publisher.step();
        publisher.step();
        assertThat(lines).hasSize(1).first().asString().startsWith("WARN r1 no longer listed");
        assertThat(publisher.status().isListed()).isFalse();
    }

    @Test
    void whoIsMissingFromTheConsensusPublishesAgain() throws Exception {
        publisher.reachable();
        publisher.step();
        pass(Duration.ofMinutes(89));
        KnownNetwork.listsNobody(directory, clock.instant());
        publisher.step();
        assertThat(uploads).hasSize(1);
        pass(Duration.ofMinutes(1));
        publisher.step();

        assertThat(uploads).hasSize(2).last().isEqualTo("not listed in consensus to a0 a1 a2");
    }

    /// A consensus past its time says nothing about us.
    @Test
    void anExpiredConsensusIsNotListenedTo() throws Exception {
        publisher.reachable();
        publisher.step();
        KnownNetwork.listsNobody(directory, clock.instant());
        pass(Duration.ofHours(4));
        publisher.step();

        assertThat(uploads).hasSize(1);
    }

    /// A policy or family too long for the authorities: said once with the key to blame, the old one
    /// stays, and the task goes on.
    @Test
    void aDescriptorTooLongIsSaidOnceAndTheOldOneStays() throws Exception {
        publisher.reachable();
        publisher.step();
        lines.clear();
        policy = ExitPolicy.parse(
                IntStream.range(0, 999)
                        .mapToObj(i -> "reject 192.0." + i / 250 + "." + i % 250 + ":" + (i + 1))
                        .toList(),
                new ExitPolicyOptions(false, false, List.of()));
        publisher.changed("configuration changed");
        publisher.step();
        pass(Duration.ofMinutes(1));
        publisher.step();
        assertThat(uploads).hasSize(1);
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("ERROR r1 the old descriptor stays: the descriptor would have ")
                .contains("authorities take 20000")
                .contains("are exit-policy; shorten it");

        policy = ExitPolicy.REJECT_ALL;
        family = new TreeSet<>();
        for (int i = 0; i < 500; i++) {
            family.add(String.format("%040X", i));
        }
        publisher.step();
        publisher.step();
        assertThat(uploads).hasSize(1);
        assertThat(lines).hasSize(2).last().asString().contains("21000 of them are family; shorten it");

        family = new TreeSet<>();
        publisher.changed("configuration changed");
        publisher.step();
        assertThat(uploads).hasSize(2).last().isEqualTo("configuration changed to a0 a1 a2");
        assertThat(lines).hasSize(2);
    }

    /// The consensus lists what is not ours: before anything is published whoever answers there counts,
    /// after it the time, and a move begins anew.
    @Test
    void whoseKeysAreInUseElsewhereIsNotPublishedUnlessItInsists() throws Exception {
        List<String> found = new ArrayList<>();
        boolean[] insists = {false};
        boolean[] answers = {true};
        publisher.whenElsewhere(_ -> answers[0], how -> {
            found.add(how);
            return insists[0];
        });
        publisher.reachable();
        place = "203.0.113.1";
        lists();
        publisher.step();
        assertThat(found).singleElement().asString().contains("answers there");
        assertThat(uploads).isEmpty();

        pass(Duration.ofHours(1));
        lists();
        insists[0] = true;
        publisher.step();
        assertThat(uploads).hasSize(1);
        found.clear();

        insists[0] = false;
        pass(Duration.ofHours(2));
        lists();
        publisher.step();
        assertThat(found).as("two consensuses later").isEmpty();
        pass(Duration.ofHours(1));
        lists();
        publisher.step();
        assertThat(found).singleElement().asString().contains("published there after");

        found.clear();
        answers[0] = false;
        place = "203.0.113.2";
        publisher.moved();
        publisher.changed("configuration changed");
        publisher.step();
        assertThat(found).as("at another place").isEmpty();
    }

    /// The consensus of this very moment has the relay at 192.0.2.7.
    private void lists() {
        KnownNetwork.lists(directory, clock.instant(), keys.identity().rsaDigest(), Set.of("Running"));
    }

    private void pass(Duration time) {
        clock.advance(time);
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private DescriptorPublisher publisher(boolean testing) {
        Supplier<DescriptorSpec> spec = () -> new DescriptorSpec(
                "Nick1",
                Objects.requireNonNull(RelayAddress.parseIp(place, 9001)),
                null,
                "",
                policy,
                family,
                FamilyKeys.NONE,
                BandwidthRates.UNLIMITED,
                hibernating,
                true,
                0);
        World world = world();
        statistics = TestStatistics.none(world);
        return new DescriptorPublisher(
                world, "r1", keys, spec, statistics, new Overload(world), directory, this::upload, testing);
    }

    private List<UploadResult> upload(byte[] body, String reason, Predicate<Authority> to) {
        List<UploadResult> results = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            Authority authority = authority(i);
            if (to.test(authority)) {
                names.append(' ').append(authority.nickname());
                Outcome outcome = answers.getOrDefault(authority.nickname(), Outcome.ACCEPTED);
                results.add(new UploadResult(authority, outcome, refusal));
            }
        }
        uploads.add(reason + " to" + names);
        published.add(new String(body, java.nio.charset.StandardCharsets.UTF_8));
        return results;
    }

    private static Authority authority(int number) {
        byte[] digest = new byte[20];
        digest[0] = (byte) number;
        return new Authority(
                "a" + number, digest, digest, Objects.requireNonNull(RelayAddress.parseIp("192.0.2.1", 80)), 0, null);
    }

    /// A world with the doors that a publisher opens in a step; any other is a fault of this test.
    private World world() {
        Log log = (level, relay, text) -> lines.add(level + " " + relay + " " + text);
        Map<String, Object> doors = Map.of("ticker", ticker, "clock", clock, "entropy", entropy, "log", log);
        return (World) Proxy.newProxyInstance(
                World.class.getClassLoader(),
                new Class<?>[] {World.class},
                (_, method, _) -> Objects.requireNonNull(doors.get(method.getName()), method.getName()));
    }
}
