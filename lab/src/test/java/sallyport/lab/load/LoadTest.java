package sallyport.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Time is stepped, so every figure is exact.
class LoadTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final SteppedTimeline timeline = new SteppedTimeline();
    private final ScriptedNetwork network = new ScriptedNetwork(timeline);

    @Test
    void everyProfileComesToItsEnd() {
        for (String name : Profile.NAMED.keySet()) {
            Tally tally = run(plan(name + "=1"));
            assertThat(tally.begun()).as(name).isBetween(40L, 90L).isEqualTo(tally.complete());
            assertThat(tally.failures()).as(name).isEmpty();
            assertThat(network.open()).as(name).isZero();
        }
    }

    @Test
    void theLastVisitIsCountedWhenTheResultIsThere() {
        for (String name : Profile.NAMED.keySet()) {
            Load load = new Load(plan(name + "=1"), network, timeline);
            List<Long> missing = new ArrayList<>();
            load.result()
                    .thenAccept(tallies ->
                            tallies.values().forEach(tally -> missing.add(tally.begun() - tally.complete())));
            load.start();
            timeline.pass(MINUTE.plus(TIMEOUT));
            assertThat(missing).as(name).containsExactly(0L);
        }
    }

    @Test
    void countsEveryByteOfAPage() {
        Tally tally = run(plan("web=1"));
        assertThat(tally.bytes()).isEqualTo(tally.complete() * (30_000 + 24 * 20_000));
        assertThat(tally.complete()).isEqualTo(tally.begun());
        // 10 ms to open and 10 ms for the page; then its stream has the first object after 10 ms, the others after 20.
        assertThat(tally.first().getMaxValue()).isBetween(20_000L, 20_031L);
        assertThat(network.conversations).hasSize((int) tally.complete() * 6);
    }

    @Test
    void uploadsWhatItIsToUpload() {
        Tally tally = run(plan("upload=1"));
        assertThat(network.conversations).hasSize((int) tally.complete()).allMatch(one -> one.up == 2 << 20);
    }

    @Test
    void aStallShowsInTheFiguresOfAllWhoCameMeanwhile() {
        LoadPlan plan = plan("resolve=10");
        Load load = new Load(plan, network, timeline);
        load.start();
        timeline.pass(Duration.ofSeconds(30));
        // For ten seconds whatever is asked is answered only at their end.
        long end = timeline.nanos() + Duration.ofSeconds(10).toNanos();
        for (int i = 0; i < 1_000; i++) {
            network.delay = Duration.ofNanos(end - timeline.nanos());
            timeline.pass(Duration.ofMillis(10));
        }
        network.delay = Duration.ofMillis(10);
        timeline.pass(MINUTE);
        Tally tally = load.result().join().values().iterator().next();
        // Ten of sixty seconds: a sixth of all waited, half of those more than five seconds.
        assertThat(tally.whole().getValueAtPercentile(80)).isLessThan(100_000);
        assertThat(tally.whole().getValueAtPercentile(94)).isGreaterThan(3_000_000);
        assertThat(tally.complete()).isEqualTo(tally.begun());
    }

    @Test
    void aStallOfTheGeneratorItselfShowsToo() {
        Load load = new Load(plan("resolve=10"), network, timeline);
        load.start();
        timeline.pass(Duration.ofSeconds(30));
        timeline.stall(Duration.ofSeconds(10));
        timeline.pass(MINUTE);
        Tally tally = load.result().join().values().iterator().next();
        assertThat(tally.whole().getValueAtPercentile(80)).isLessThan(100_000);
        assertThat(tally.whole().getValueAtPercentile(94)).isGreaterThan(3_000_000);
    }

    @Test
    void whatComesWhenTheTimeIsUpIsNoThroughput() {
        network.delay = TIMEOUT.dividedBy(3);
        Tally tally = run(plan("bulk=10"));
        assertThat(tally.complete()).isEqualTo(tally.begun());
        // Two delays of ten seconds: only who came in the first forty was served within the minute.
        assertThat(tally.bytes()).isBetween(tally.complete() * (8L << 20) / 2, tally.complete() * (8L << 20) * 5 / 6);
    }

    @Test
    void whoWaitsTooLongHasFailed() {
        network.silent = true;
        Tally tally = run(plan("chat=2"));
        assertThat(tally.failures()).containsOnlyKeys("timeout").containsEntry("timeout", tally.begun());
        assertThat(tally.whole().getTotalCount()).isZero();
    }

    @Test
    void whoFindsNoPlaceIsToldSo() {
        network.silent = true;
        Tally tally = run(new LoadPlan(
                Mix.parse("resolve=10"),
                Duration.ZERO,
                MINUTE,
                3,
                1,
                50,
                TIMEOUT,
                new InetSocketAddress(0),
                "website.example"));
        assertThat(tally.begun()).isBetween(100L, 150L);
        assertThat(tally.turnedAway()).isGreaterThan(400);
    }

    @Test
    void countsReasons() {
        network.refusal = "SOCKS reply 4";
        Tally tally = run(plan("resolve=2"));
        assertThat(tally.failures()).containsOnlyKeys("SOCKS reply 4");
        assertThat(tally.complete()).isZero();
    }

    @Test
    void noticesBytesInTheWrongPlace() {
        network.wrong = true;
        Tally tally = run(plan("web=2"));
        assertThat(tally.failures()).containsOnlyKeys("not the bytes that were sent");
        assertThat(network.open()).isZero();
    }

    @Test
    void theWarmUpIsServedAndNotCounted() {
        LoadPlan plan = plan("resolve=5");
        Tally all = run(plan);
        Tally half = run(new LoadPlan(
                plan.mix(), MINUTE.dividedBy(2), MINUTE.dividedBy(2), 3, 1, 5_000, TIMEOUT, plan.server(), ""));
        assertThat(half.begun()).isBetween(all.begun() / 3, all.begun() * 2 / 3);
    }

    @Test
    void theSeedDecidesWhoComes() {
        assertThat(run(plan("web=3,chat=1")).begun())
                .isEqualTo(run(plan("web=3,chat=1")).begun());
        assertThat(network.users).containsExactlyInAnyOrder("u0", "u1", "u2");
    }

    @Test
    void readsAMix() {
        assertThat(Mix.parse("web=2, chat=0.5").shares())
                .extracting(Mix.Share::name, Mix.Share::perSecond)
                .containsExactly(tuple("chat", 0.5), tuple("web", 2.0));
        for (String bad : List.of("", "web", "web=", "web=x", "web=0", "web=-1", "web=NaN", "web=1e9", "web=1=2")) {
            assertThatThrownBy(() -> Mix.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Mix.parse("wbe=1")).hasMessageContaining("bulk, chat, resolve, upload, web");
        assertThatThrownBy(() -> Mix.parse("web=1,web=2")).hasMessageContaining("twice");
    }

    private LoadPlan plan(String mix) {
        return new LoadPlan(
                Mix.parse(mix),
                Duration.ZERO,
                MINUTE,
                3,
                1,
                5_000,
                TIMEOUT,
                new InetSocketAddress(0),
                "website.example");
    }

    private Tally run(LoadPlan plan) {
        Load load = new Load(plan, network, timeline);
        load.start();
        timeline.pass(plan.warmUp().plus(plan.duration()).plus(plan.timeout()));
        assertThat(load.result()).isCompleted();
        return load.result().join().values().iterator().next();
    }
}
