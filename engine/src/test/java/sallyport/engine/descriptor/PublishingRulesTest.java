package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.descriptor.PublishingRules.Known;
import sallyport.engine.descriptor.PublishingRules.Listing;

class PublishingRulesTest {
    private static final PublishingRules RULES = PublishingRules.PUBLIC_NETWORK;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void nothingIsPublishedBeforeReachabilityIsShown() {
        assertThat(RULES.due(known(false, Duration.ofDays(3), null, null, 0, null)))
                .isNull();
        assertThat(RULES.due(known(false, Duration.ofDays(3), "key", aged(20 * 60), 0, null)))
                .isNull();
        assertThat(RULES.due(known(true, Duration.ZERO, null, null, 0, null))).isEqualTo("initial descriptor");
    }

    @Test
    void aTestingNetworkWaitsForAFewSecondsOnly() {
        Duration limit = Duration.ofSeconds(5);
        assertThat(PublishingRules.TESTING.due(known(false, limit.minusMillis(1), null, null, 0, null)))
                .isNull();
        assertThat(PublishingRules.TESTING.due(known(false, limit, null, null, 0, null)))
                .isEqualTo("initial descriptor");
    }

    @Test
    void aChangeIsPublishedAtOnceAndAgeAfterEighteenHours() {
        Listing fine = new Listing(true, false);
        assertThat(RULES.due(known(true, Duration.ofHours(1), "rotated onion key", aged(0), 0, fine)))
                .isEqualTo("rotated onion key");
        assertThat(RULES.due(known(true, Duration.ofDays(9), null, aged(18 * 60 - 1), 0, fine)))
                .isNull();
        assertThat(RULES.due(known(true, Duration.ofDays(9), null, aged(18 * 60), 0, fine)))
                .isEqualTo("time for new descriptor");
    }

    @Test
    void absenceFromTheConsensusIsAnsweredAfterNinetyMinutes() {
        assertThat(RULES.due(known(true, Duration.ofDays(9), null, aged(89), 0, new Listing(false, false))))
                .isNull();
        assertThat(RULES.due(known(true, Duration.ofDays(9), null, aged(90), 0, new Listing(false, false))))
                .isEqualTo("not listed in consensus");
        assertThat(RULES.due(known(true, Duration.ofDays(9), null, aged(90), 0, new Listing(true, true))))
                .isEqualTo("listed as stale in consensus");
        assertThat(RULES.due(known(true, Duration.ofDays(9), null, aged(90), 0, null)))
                .as("without a live consensus nobody can say that we are missing")
                .isNull();
    }

    @Test
    void aDoubledBandwidthMattersDuringTheFirstDay() {
        Listing fine = new Listing(true, false);
        Duration young = Duration.ofHours(23);
        assertThat(RULES.due(known(true, young, null, aged(180, 100), 201, fine)))
                .isEqualTo("bandwidth has changed");
        assertThat(RULES.due(known(true, young, null, aged(180, 100), 49, fine)))
                .isEqualTo("bandwidth has changed");
        assertThat(RULES.due(known(true, young, null, aged(180, 0), 1, fine))).isEqualTo("bandwidth has changed");
        assertThat(RULES.due(known(true, young, null, aged(180, 100), 200, fine)))
                .isNull();
        assertThat(RULES.due(known(true, young, null, aged(179, 100), 900, fine)))
                .isNull();
        assertThat(RULES.due(known(true, Duration.ofHours(24), null, aged(180, 100), 900, fine)))
                .isNull();
    }

    @Test
    void pausesDoubleUpToTheirLimit() {
        assertThat(RULES.pauseAfter(1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(RULES.pauseAfter(2)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RULES.pauseAfter(6)).isEqualTo(Duration.ofMinutes(32));
        assertThat(RULES.pauseAfter(7)).isEqualTo(Duration.ofHours(1));
        assertThat(RULES.pauseAfter(1_000_000)).isEqualTo(Duration.ofHours(1));
    }

    private static Known known(
            boolean reachable,
            Duration uptime,
            @Nullable String changed,
            @Nullable ServerDescriptor last,
            long observed,
            @Nullable Listing listing) {
        return new Known(NOW, uptime, reachable, changed, last, observed, listing);
    }

    private static ServerDescriptor aged(int minutes) {
        return aged(minutes, 0);
    }

    private static ServerDescriptor aged(int minutes, long observed) {
        return new ServerDescriptor(new byte[0], new byte[0], NOW.minus(Duration.ofMinutes(minutes)), observed);
    }
}
