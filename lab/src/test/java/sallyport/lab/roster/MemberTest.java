package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;

/// Who is said to run.
class MemberTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration MEMORY = Duration.ofMinutes(45);
    private static final RosterSettings SETTINGS = RosterSettings.testing();
    private static final RosterSettings IPV6 = RosterSettings.testing("AuthDirHasIPv6Connectivity 1");
    private static final int[] HOST = {0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @Test
    void whoWasReachedOfLateRuns() {
        Member member = new Imagined(1, NOW).member();
        assertThat(runs(member, SETTINGS, NOW)).isFalse();
        assertThat(runs(member, RosterSettings.testing("AuthDirTestReachability 0"), NOW))
                .isTrue();
        assertThat(member.reached(member.ipv4(), NOW)).isTrue();
        assertThat(runs(member, SETTINGS, NOW.plus(MEMORY).minusSeconds(1))).isTrue();
        assertThat(runs(member, SETTINGS, NOW.plus(MEMORY))).isFalse();
    }

    @Test
    void itHasToBeReachedWhereItSaysThatItIs() {
        Member member = new Imagined(1, NOW).member();
        assertThat(member.reached(new RelayAddress(member.ipv4().ip(), 1), NOW)).isFalse();
        assertThat(runs(member, SETTINGS, NOW)).isFalse();
    }

    @Test
    void whoHasMovedHasToBeReachedAgain() {
        Imagined relay = new Imagined(1, NOW);
        Member member = relay.member();
        member.reached(member.ipv4(), NOW);
        assertThat(member.needsTest(relay.descriptor())).isFalse();
        member.replace(relay.descriptor(), relay.standing);
        assertThat(runs(member, SETTINGS, NOW)).isTrue();
        relay.at(127, 9, 9, 9);
        assertThat(member.needsTest(relay.descriptor())).isTrue();
        member.replace(relay.descriptor(), relay.standing);
        assertThat(runs(member, SETTINGS, NOW)).isFalse();
    }

    @Test
    void withIpv6BothAddressesCount() {
        Member member = new Imagined(1, NOW).at(HOST).member();
        member.reached(member.ipv4(), NOW);
        assertThat(runs(member, SETTINGS, NOW)).isTrue();
        assertThat(runs(member, IPV6, NOW)).isFalse();
        assertThat(member.listsIpv6(IPV6, false, NOW)).isFalse();
        assertThat(member.listsIpv6(IPV6, true, NOW)).isTrue();
        member.reached(member.ipv6(), NOW);
        assertThat(runs(member, IPV6, NOW)).isTrue();
        assertThat(member.listsIpv6(IPV6, false, NOW.plus(MEMORY))).isTrue();
        assertThat(member.listsIpv6(IPV6, false, NOW.plus(MEMORY).plusSeconds(1)))
                .isFalse();
        assertThat(member.listsIpv6(SETTINGS, false, NOW)).isFalse();
        Member withoutIpv6 = new Imagined(2, NOW).member();
        withoutIpv6.reached(withoutIpv6.ipv4(), NOW);
        assertThat(runs(withoutIpv6, IPV6, NOW)).isTrue();
    }

    @Test
    void whoSleepsIsDownUnlessItWasSeenLongAfterItSaidSo() {
        Imagined relay = new Imagined(1, NOW);
        relay.hibernating = true;
        Member member = relay.member();
        Instant later = NOW.plus(Duration.ofHours(1));
        member.reached(member.ipv4(), later.minusSeconds(1));
        assertThat(runs(member, SETTINGS, later)).isFalse();
        assertThat(runs(member, RosterSettings.testing("AuthDirTestReachability 0"), later))
                .isFalse();
        member.reached(member.ipv4(), later);
        assertThat(runs(member, SETTINGS, later)).isTrue();
        relay.hibernating = false;
        assertThat(member.needsTest(relay.descriptor())).isTrue();
    }

    @Test
    void itIsDownSinceItShouldHaveBeenSeenAgain() {
        Member member = new Imagined(1, NOW).member();
        assertThat(member.downSince(NOW)).isEqualTo(NOW);
        member.reached(member.ipv4(), NOW);
        assertThat(member.downSince(NOW.plusSeconds(1_280))).isEqualTo(NOW.plusSeconds(1_280));
        assertThat(member.downSince(NOW.plusSeconds(9_000))).isEqualTo(NOW.plusSeconds(1_280));
    }

    @Test
    void whoCanProveItsIdentityHasTo() {
        Imagined relay = new Imagined(1, NOW);
        byte[] own = relay.descriptor().relay().verified().ed25519();
        assertThat(relay.member().provedItself(own)).isTrue();
        assertThat(relay.member().provedItself(new byte[32])).isFalse();
        assertThat(relay.member().provedItself(null)).isFalse();
        relay.protocols = "LinkAuth=1";
        assertThat(relay.member().provedItself(null)).isTrue();
    }

    private static boolean runs(Member member, RosterSettings settings, Instant now) {
        member.assess(settings, false, now);
        return member.isRunning();
    }
}
