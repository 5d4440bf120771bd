package sallyport.lab.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Guards as circuits through them fare, and as months go by: guard-spec, rule by rule.
class GuardsTest {
    private static final int RELAYS = 200;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final PaperGuards paper = new PaperGuards(3);
    private Guards guards;

    @BeforeEach
    void begin() {
        paper.list(RELAYS);
        guards = paper.guards;
    }

    @Test
    void theFirstGuardOfTheSampleIsKept() {
        String first = work();
        assertThat(first).isEqualTo(paper.primary(1).getFirst());
        for (int i = 0; i < 50; i++) {
            assertThat(work()).isEqualTo(first);
        }
        assertThat(guards.kept())
                .hasSize(20)
                .filteredOn(guard -> guard.confirmedIdx() >= 0)
                .hasSize(1);
    }

    @Test
    void beforeThereIsAConsensusThereIsNoGuard() {
        paper.restart(List.of());
        assertThat(paper.choose()).isNull();
    }

    /// Nor while the only one is hopelessly old.
    @Test
    void anOldConsensusMakesNoSample() {
        paper.restart(List.of());
        paper.list(RELAYS);
        paper.pass(Duration.ofHours(3 + 24 + 1));
        assertThat(paper.choose()).isNull();
    }

    /// Primary guards: ten minutes, and later longer; by how long the guard has been failing.
    @Test
    void aPrimaryGuardThatFailedIsTriedAgainOnScheduleAndTheOthersMeanwhile() {
        List<String> primary = List.of(paper.fail(), paper.fail(), paper.fail());
        assertThat(primary).isEqualTo(paper.primary(3));
        GuardUse other = paper.choose();
        assertThat(other.fingerprint()).isNotIn(primary);
        guards.cancelled(other);
        paper.pass(Duration.ofMinutes(10).minusNanos(1));
        assertThat(paper.choose().fingerprint()).isNotIn(primary);
        paper.pass(Duration.ofNanos(1));
        assertThat(paper.fail()).isEqualTo(primary.getFirst());
    }

    @Test
    void theScheduleIsThatOfTheSpecification() {
        assertThat(pauses(Duration.ofHours(6))).containsExactly(10, 60);
        assertThat(pauses(Duration.ofHours(6).plusNanos(1))).containsExactly(90, 4 * 60);
        assertThat(pauses(Duration.ofDays(4))).containsExactly(90, 4 * 60);
        assertThat(pauses(Duration.ofDays(4).plusNanos(1))).containsExactly(4 * 60, 18 * 60);
        assertThat(pauses(Duration.ofDays(7))).containsExactly(4 * 60, 18 * 60);
        assertThat(pauses(Duration.ofDays(7).plusNanos(1))).containsExactly(9 * 60, 36 * 60);
    }

    private static List<Integer> pauses(Duration failing) {
        return List.of((int) (RetrySchedule.pauseNanos(failing.toNanos(), true) / MINUTE.toNanos()), (int)
                (RetrySchedule.pauseNanos(failing.toNanos(), false) / MINUTE.toNanos()));
    }

    /// One that fails for long is asked more and more seldom, and is as good as any once it works.
    @Test
    void aSuccessEndsTheTimeOfFailing() {
        String first = paper.fail();
        paper.pass(Duration.ofHours(7));
        assertThat(paper.fail()).isEqualTo(first);
        paper.pass(Duration.ofMinutes(89));
        assertThat(paper.choose().fingerprint()).isNotEqualTo(first);
        paper.pass(MINUTE);
        assertThat(work()).isEqualTo(first);
        assertThat(paper.fail()).isEqualTo(first);
        paper.pass(Duration.ofMinutes(10));
        assertThat(work()).isEqualTo(first);
    }

    /// While one of them may still answer, nobody else's circuit is used.
    @Test
    void aCircuitThroughAnotherGuardWaitsUntilAllPrimaryOnesFail() {
        confirmPrimaries();
        GuardUse late = paper.choose();
        paper.fail();
        paper.fail();
        GuardUse other = paper.choose(one -> !paper.primary(3).contains(one));
        assertThat(guards.succeeded(other)).isEqualTo(Guards.Verdict.LATER);
        // For the circuit that could have had the third.
        GuardUse free = paper.choose(one -> !one.equals(paper.primary(3).getLast()));
        assertThat(free.fingerprint()).isEqualTo(other.fingerprint());
        assertThat(guards.succeeded(free)).isEqualTo(Guards.Verdict.LATER);
        assertThat(guards.settle(List.of(other))).isEqualTo(other);
        GuardUse any = another();
        assertThat(guards.succeeded(any)).isEqualTo(Guards.Verdict.LATER);
        assertThat(guards.settle(List.of(late, any))).isNull();
        assertThat(guards.mayReachPrimary(any)).isTrue();
        paper.fail();
        assertThat(guards.settle(List.of(late, any))).isEqualTo(any);
        assertThat(guards.settle(List.of(late, any))).isNull();
    }

    /// A circuit that could have had any guard, and got one that is not primary.
    private GuardUse another() {
        boolean[] choosing = {true};
        List<String> primary = paper.primary(3);
        GuardUse use = paper.choose(one -> !choosing[0] || !primary.contains(one));
        choosing[0] = false;
        return use;
    }

    /// Fifteen seconds it may hold up one that has answered.
    @Test
    void aBetterGuardThatIsBeingTriedHoldsUpAWorseOneForAWhile() {
        confirmPrimaries();
        paper.fail();
        paper.fail();
        paper.fail();
        GuardUse better = paper.choose();
        GuardUse worse = paper.choose();
        assertThat(worse.fingerprint()).isNotEqualTo(better.fingerprint());
        guards.succeeded(worse);
        // A confirmed guard is better than one that is not, so make both so.
        guards.succeeded(better);
        GuardUse again = paper.choose();
        assertThat(guards.settle(List.of(better, worse))).isEqualTo(worse);
        assertThat(guards.isVain(better, List.of(better, worse))).isTrue();
        guards.cancelled(again);
    }

    /// Nine minutes of silence say nothing; eleven say that primary guards may have failed for nothing.
    @Test
    void afterALongSilencePrimaryGuardsAreTriedAgainBeforeAnotherIsAccepted() {
        for (int minutes : List.of(9, 11)) {
            PaperGuards of = new PaperGuards(minutes);
            of.list(RELAYS);
            Guards its = of.guards;
            its.succeeded(of.choose());
            List<String> primary = of.primary(3);
            // All three are known to work, so that they stay primary.
            for (String each : primary) {
                its.succeeded(of.choose(each::equals));
            }
            of.pass(Duration.ofMinutes(minutes));
            of.fail();
            of.fail();
            of.fail();
            GuardUse other = of.choose();
            assertThat(other.fingerprint()).isNotIn(primary);
            assertThat(its.succeeded(other)).isEqualTo(Guards.Verdict.LATER);
            if (minutes < 10) {
                assertThat(its.settle(List.of(other))).isEqualTo(other);
            } else {
                assertThat(its.settle(List.of(other))).isNull();
                assertThat(of.fail()).isEqualTo(primary.get(0));
                assertThat(of.fail()).isEqualTo(primary.get(1));
                assertThat(of.fail()).isEqualTo(primary.get(2));
                assertThat(its.settle(List.of(other))).isEqualTo(other);
            }
        }
    }

    /// A network that is gone for an hour costs no guard: whoever is left is tried in turn, and then all again.
    @Test
    void whereEveryGuardHasFailedAllAreTriedAgain() {
        Set<String> tried = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            GuardUse use = paper.choose();
            if (use == null) {
                break;
            }
            tried.add(use.fingerprint());
            guards.failed(use);
        }
        // A fifth of the network.
        assertThat(tried).hasSize(RELAYS / 5);
        assertThat(paper.choose().fingerprint()).isEqualTo(paper.primary(1).getFirst());
    }

    /// What is merely being tried is not exhausted.
    @Test
    void guardsThatAreBeingTriedAreWaitedFor() {
        paper.restart(List.of());
        guards = paper.guards;
        paper.list(4);
        paper.fail();
        paper.fail();
        paper.fail();
        GuardUse last = paper.choose();
        assertThat(paper.choose()).isNull();
        assertThat(paper.choose()).isNull();
        guards.succeeded(last);
        assertThat(paper.choose().fingerprint()).isEqualTo(last.fingerprint());
        assertThat(paper.choose().fingerprint()).isEqualTo(last.fingerprint());
    }

    /// Twenty days, of which up to four are taken off.
    @Test
    void aGuardThatIsNotListedIsNotUsedAndForgottenInTheEnd() {
        String gone = work();
        paper.list(RELAYS, gone);
        assertThat(work()).isNotEqualTo(gone);
        for (int day = 0; day < 15; day++) {
            paper.pass(Duration.ofDays(1));
            paper.list(RELAYS, gone);
        }
        assertThat(sampled()).contains(gone);
        paper.list(RELAYS);
        assertThat(work()).isEqualTo(gone);
        for (int day = 0; day < 21; day++) {
            paper.pass(Duration.ofDays(1));
            paper.list(RELAYS, gone);
        }
        assertThat(sampled()).doesNotContain(gone);
    }

    @Test
    void unusedGuardsLiveForFourMonthsAndUsedOnesForTwo() {
        work();
        List<Instant> sampled = sampledOn();
        days(47);
        assertThat(sampledOn()).containsAll(sampled);
        days(14);
        assertThat(sampledOn()).doesNotContain(sampled.getFirst()).containsAll(sampled.subList(1, 20));
        days(60);
        assertThat(sampledOn()).doesNotContainAnyElementsOf(sampled);
    }

    private List<Instant> sampledOn() {
        return guards.kept().stream().map(KeptGuard::sampledOn).toList();
    }

    private void days(int days) {
        for (int day = 0; day < days; day++) {
            paper.pass(Duration.ofDays(1));
            paper.list(RELAYS);
            paper.choose();
        }
    }

    @Test
    void datesThatAreKeptTellNoExactTime() {
        work();
        assertThat(guards.kept()).extracting(KeptGuard::sampledOn).allMatch(when -> isRough(when, 12));
        assertThat(guards.kept().stream().map(KeptGuard::sampledOn).distinct()).hasSizeGreaterThan(15);
        assertThat(guards.kept().getFirst().confirmedOn()).matches(when -> isRough(when, 12));
    }

    private boolean isRough(Instant when, int days) {
        return !when.isAfter(paper.now) && when.isAfter(paper.now.minus(Duration.ofDays(days)));
    }

    /// The order of sampling outlives the run, and so do the places of those that worked.
    @Test
    void theNextRunHasTheSameGuards() {
        confirmPrimaries();
        List<KeptGuard> kept = guards.kept();
        assertThat(guards.takeChanged()).isTrue();
        assertThat(guards.takeChanged()).isFalse();
        paper.restart(kept);
        guards = paper.guards;
        paper.list(RELAYS);
        assertThat(work()).isEqualTo(kept.getFirst().fingerprint());
        assertThat(guards.kept()).isEqualTo(kept);
        assertThat(guards.takeChanged()).isFalse();
    }

    @Test
    void whatIsVotedCounts() {
        paper.voted.putAll(Map.of(
                "guard-n-primary-guards", 1,
                "guard-min-filtered-sample-size", 2,
                "guard-max-sample-threshold-percent", 1,
                "guard-n-primary-guards-to-use", 7));
        paper.restart(List.of());
        guards = paper.guards;
        paper.list(RELAYS);
        paper.choose();
        assertThat(sampled()).hasSize(2);
        paper.fail();
        paper.fail();
        assertThat(paper.choose()).isNull();
    }

    private List<String> sampled() {
        return guards.kept().stream().map(KeptGuard::fingerprint).toList();
    }

    private void confirmPrimaries() {
        work();
        for (String each : paper.primary(3)) {
            guards.succeeded(paper.choose(each::equals));
        }
    }

    /// A circuit that works at once.
    private String work() {
        GuardUse use = paper.choose();
        assertThat(guards.succeeded(use)).isEqualTo(Guards.Verdict.NOW);
        return use.fingerprint();
    }
}
