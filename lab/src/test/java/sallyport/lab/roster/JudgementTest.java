package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.lab.roster.Judgement.Circumstances;
import sallyport.lab.vote.VoteEntry;

/// Who gets which flag (dir-spec 3.4.2). Whole votes are held against C tor's in `PrivateNetworkInteropIT`.
class JudgementTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant AN_HOUR_AGO = NOW.minus(Duration.ofHours(1));

    private final StabilityHistory history = new StabilityHistory(true);
    private final Map<String, Long> measured = new HashMap<>();
    private Duration running = Duration.ofMinutes(1);

    @Test
    void inATestingNetworkARelayHasItsFlagsAtOnce() {
        Imagined relay = relay(1);
        assertThat(flags(RosterSettings.testing("AuthDirTestReachability 0"), relay)
                        .get(1))
                .containsExactlyInAnyOrder("Fast", "Guard", "HSDir", "Running", "Stable", "V2Dir", "Valid");
    }

    @Test
    void authoritiesAndExitsAreNamedSo() {
        assertThat(flags(open(), relay(1).exit(), relay(9)).get(1)).contains("Exit");
        assertThat(flags(open(), relay(1), relay(9)).get(9))
                .contains("Authority")
                .doesNotContain("Exit");
    }

    @Test
    void theFastestSevenEighthsAreFast() {
        Imagined[] relays = new Imagined[16];
        for (int i = 0; i < relays.length; i++) {
            relays[i] = relay(i + 1).carrying(50 + i);
        }
        Map<Integer, Set<String>> flags = flags(open(), relays);
        assertThat(flags.get(2)).doesNotContain("Fast");
        assertThat(flags.get(3)).contains("Fast");
        // 100 KB are fast in any network.
        relays[0].carrying(102);
        for (int i = 1; i < relays.length; i++) {
            relays[i].carrying(1_000);
        }
        assertThat(flags(open(), relays).get(1)).contains("Fast");
        assertThat(flags(open("AuthDirFastGuarantee 0"), relays).get(1)).doesNotContain("Fast");
    }

    @Test
    void whoRunsLongerThanTheMedianIsStable() {
        Imagined[] relays = {relay(1), relay(2), relay(3)};
        for (Imagined relay : relays) {
            relay.uptime = relay.number * 1_000L;
        }
        history.reachable(relays[0].fingerprint(), null, NOW.minusSeconds(60));
        Map<Integer, Set<String>> flags = flags(open(), relays);
        assertThat(flags.get(1)).doesNotContain("Stable", "HSDir", "Guard");
        assertThat(flags.get(2)).contains("Stable");
        // Thirty days are always enough, less than that not.
        assertThat(flags(open("AuthDirVoteStableGuaranteeMinUptime 4599 seconds"), relays)
                        .get(1))
                .contains("Stable");
    }

    @Test
    void timesBetweenFailuresCountOnceThereAreEnough() {
        Imagined[] relays = {relay(1), relay(2), relay(3)};
        for (Imagined relay : relays) {
            history.reachable(relay.fingerprint(), null, NOW.minus(Duration.ofHours(5 + relay.number)));
        }
        relays[0].uptime = 1_000_000;
        Opinion opinion = opinion(open(), relays);
        assertThat(opinion.flagThresholds()).contains(" stable-mtbf=25200 ", " enough-mtbf=1 ");
        assertThat(opinion.entries().get(0).flags()).doesNotContain("Stable");
        assertThat(opinion.entries().get(1).flags()).contains("Stable");
    }

    @Test
    void aGuardIsFamiliarUpAndFast() {
        Imagined[] relays = new Imagined[8];
        for (int i = 0; i < relays.length; i++) {
            relays[i] = relay(i + 1);
            Instant since = NOW.minus(Duration.ofDays(10 + i));
            history.reachable(relays[i].fingerprint(), null, since);
        }
        relays[0].carrying(99);
        history.unreachable(relays[1].fingerprint(), NOW.minusSeconds(90_000), NOW);
        history.reachable(relays[1].fingerprint(), null, NOW);
        relays[2].servesDirectory = false;
        Map<Integer, Set<String>> flags =
                flags(open("AuthDirVoteGuardGuaranteeWFU 1", "AuthDirFastGuarantee 99000"), relays);
        assertThat(flags.get(1)).doesNotContain("Guard");
        assertThat(flags.get(2)).doesNotContain("Guard");
        assertThat(flags.get(3)).doesNotContain("Guard", "V2Dir", "HSDir");
        assertThat(flags.get(8)).contains("Guard");
        // 2 MB are always fast enough.
        assertThat(flags(open("AuthDirGuardBWGuarantee 99000", "AuthDirFastGuarantee 99000"), relays)
                        .get(1))
                .contains("Guard");
    }

    @Test
    void whoHidesOrSleepsIsNoHsDir() {
        Imagined sleeping = relay(1);
        sleeping.hibernating = true;
        Imagined unwilling = relay(2);
        unwilling.wantsHsDir = false;
        Map<Integer, Set<String>> flags = flags(open(), sleeping, unwilling, relay(3));
        assertThat(flags.get(1)).doesNotContain("HSDir", "Running");
        assertThat(flags.get(2)).doesNotContain("HSDir");
        assertThat(flags.get(3)).contains("HSDir");
    }

    @Test
    void anAuthorityThatHasWatchedDoesNotTakeARelaysWordForItsUptime() {
        RosterSettings settings = open("MinUptimeHidServDirectoryV2 1 hour");
        assertThat(flags(settings, relay(1)).get(1)).contains("HSDir");
        running = Duration.ofMinutes(67);
        assertThat(flags(settings, relay(1)).get(1)).doesNotContain("HSDir");
        history.reachable(relay(1).fingerprint(), null, NOW.minusSeconds(3_600));
        assertThat(flags(settings, relay(1)).get(1)).contains("HSDir");
    }

    @Test
    void tooManyAtOneAddressLoseEverything() {
        Imagined[] relays = {
            relay(1).at(127, 1, 2, 3).carrying(300).exit(),
            relay(2).at(127, 1, 2, 3).carrying(100),
            relay(9).at(127, 1, 2, 3).carrying(1),
            relay(4).at(127, 1, 2, 4),
        };
        Map<Integer, Set<String>> flags = flags(open("AuthDirMaxServersPerAddr 2"), relays);
        assertThat(flags.get(2)).containsExactly("Sybil");
        assertThat(flags.get(1)).contains("Running").doesNotContain("Sybil");
        // An authority stays before all others, the faster before the slower.
        assertThat(flags.get(9)).doesNotContain("Sybil");
        assertThat(flags(open(), relays).get(2)).doesNotContain("Sybil");
        assertThat(history.of(relays[1].fingerprint()).fractionalUptime(NOW.getEpochSecond()))
                .isZero();
    }

    @Test
    void ipv6AddressesAreCountedAsWell() {
        int[] ipv6 = {0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        Map<Integer, Set<String>> flags =
                flags(open("AuthDirMaxServersPerAddr 1"), relay(1).at(ipv6), relay(2).at(ipv6), relay(3));
        assertThat(flags.get(1)).doesNotContain("Sybil");
        assertThat(flags.get(2)).containsExactly("Sybil");
        assertThat(flags.get(3)).doesNotContain("Sybil");
    }

    @Test
    void whatTheOperatorSaysIsListedWhereTheAuthorityListsIt() {
        Imagined[] relays = {
            relay(1).exit().as(Standing.BADEXIT),
            relay(2).exit().as(Standing.MIDDLEONLY),
            relay(3).as(Standing.INVALID),
            relay(4).as(Standing.STRIPGUARD).as(Standing.STRIPHSDIR).as(Standing.STRIPV2DIR),
        };
        Map<Integer, Set<String>> silent = flags(open(), relays);
        assertThat(silent.get(1)).contains("Exit").doesNotContain("BadExit");
        assertThat(silent.get(2)).contains("Exit").doesNotContain("MiddleOnly");
        assertThat(silent.get(3)).contains("Running").doesNotContain("Valid");
        assertThat(silent.get(4)).doesNotContain("Guard", "HSDir", "V2Dir");
        RosterSettings listing = open("AuthDirListBadExits 1", "AuthDirListMiddleOnly 1");
        Map<Integer, Set<String>> loud = flags(listing, relays);
        assertThat(loud.get(1)).contains("Exit", "BadExit");
        assertThat(loud.get(2))
                .containsExactlyInAnyOrder("BadExit", "Fast", "MiddleOnly", "Running", "Stable", "Valid");
        assertThat(opinion(listing, relays).knownFlags())
                .contains("BadExit", "MiddleOnly")
                .isSorted();
        assertThat(opinion(open(), relays).knownFlags())
                .containsExactly(
                        "Authority",
                        "Exit",
                        "Fast",
                        "Guard",
                        "HSDir",
                        "Running",
                        "Stable",
                        "StaleDesc",
                        "Sybil",
                        "V2Dir",
                        "Valid");
    }

    @ParameterizedTest
    @CsvSource({
        "TestingDirAuthVoteExit *, Exit, true",
        "TestingDirAuthVoteExit nick1, Exit, true",
        "TestingDirAuthVoteExit 127.1.1.1, Exit, true",
        "TestingDirAuthVoteExit $0100000000000000000000000000000000000000, Exit, true",
        "TestingDirAuthVoteExit 127.1.1.2, Exit, false",
        "TestingDirAuthVoteGuardIsStrict 1, Guard, false",
        "TestingDirAuthVoteHSDirIsStrict 1, HSDir, false",
        "TestingDirAuthVoteHSDir other, HSDir, true",
    })
    void flagsAreGivenByNameInTestingNetworks(String line, String flag, boolean given) {
        assertThat(flags(open(line), relay(1)).get(1).contains(flag)).isEqualTo(given);
    }

    @Test
    void anOldDescriptorIsStaleAndAVeryOldOneIsNotListed() {
        Imagined stale = relay(1);
        stale.published = NOW.minus(Duration.ofHours(18)).minusSeconds(1);
        Imagined fresh = relay(2);
        fresh.published = NOW.minus(Duration.ofHours(18));
        Imagined gone = relay(3);
        gone.published = NOW.minus(Duration.ofDays(1)).minusSeconds(1);
        Map<Integer, Set<String>> flags = flags(open(), stale, fresh, gone);
        assertThat(flags.get(1)).contains("StaleDesc", "Running");
        assertThat(flags.get(2)).doesNotContain("StaleDesc");
        assertThat(flags).doesNotContainKey(3);
    }

    @Test
    void ofTwoRelaysWithOneKeyTheNewerIsListed() {
        Imagined older = relay(1);
        Imagined newer = relay(2);
        newer.ed25519 = 1;
        assertThat(flags(open(), older, newer)).containsOnlyKeys(1);
        newer.published = AN_HOUR_AGO.plusSeconds(1);
        assertThat(flags(open(), older, newer)).containsOnlyKeys(2);
    }

    @Test
    void anAuthorityThatJustBeganDoesNotVoteAboutRunning() {
        RosterSettings settings = open("TestingAuthDirTimeToLearnReachability 1 minute");
        Opinion opinion = opinion(settings, relay(1));
        assertThat(opinion.knownFlags()).doesNotContain("Running");
        assertThat(opinion.entries().getFirst().flags())
                .doesNotContain("Running")
                .contains("HSDir");
        running = Duration.ofSeconds(61);
        assertThat(opinion(settings, relay(1)).knownFlags()).contains("Running");
    }

    @Test
    void measurementsTakeTheRelaysPlaceOnceThereAreEnough() {
        Imagined[] relays = {relay(1).carrying(500), relay(2).carrying(10)};
        measured.put(relays[1].fingerprint(), 400L);
        Opinion few = opinion(open(), relays);
        assertThat(few.entries().get(1).measuredKb()).isEqualTo(400);
        assertThat(few.flagThresholds()).contains("guard-bw-inc-exits=500000", "ignoring-advertised-bws=0");
        Opinion enough = opinion(open("MinMeasuredBWsForAuthToIgnoreAdvertised 0"), relays);
        assertThat(enough.flagThresholds()).contains("guard-bw-inc-exits=400000", "ignoring-advertised-bws=1");
        assertThat(enough.entries().get(0).flags()).doesNotContain("Fast");
        assertThat(enough.entries().get(1).flags()).contains("Fast");
    }

    @Test
    void entriesStandInTheOrderOfTheirIdentities() {
        List<byte[]> identities = opinion(open(), relay(200), relay(3), relay(127), relay(128)).entries().stream()
                .map(VoteEntry::identity)
                .toList();
        assertThat(identities).isSortedAccordingTo(Comparator.comparing(id -> id, Arrays::compareUnsigned));
    }

    private static Imagined relay(int number) {
        return new Imagined(number, AN_HOUR_AGO);
    }

    /// Whoever says that it runs does.
    private static RosterSettings open(String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("AuthDirTestReachability 0");
        return RosterSettings.testing(all.toArray(String[]::new));
    }

    private Map<Integer, Set<String>> flags(RosterSettings settings, Imagined... relays) {
        Map<Integer, Set<String>> flags = new HashMap<>();
        for (VoteEntry entry : opinion(settings, relays).entries()) {
            flags.put(entry.identity()[0] & 0xff, entry.flags());
        }
        return flags;
    }

    private Opinion opinion(RosterSettings settings, Imagined... relays) {
        List<Member> members = Arrays.stream(relays).map(Imagined::member).toList();
        members.forEach(member -> member.assess(settings, false, NOW));
        Circumstances circumstances =
                new Circumstances("", Set.of(relay(9).fingerprint()), measured, Map.of(), running);
        return new Judgement(settings, members, history, circumstances, NOW).opinion();
    }
}
