package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;

/// Who else may have our keys, by what the consensus says and by who answers.
class ElsewhereTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final RelayAddress HERE = at("192.0.2.7");
    private static final RelayAddress HERE_6 = at("2001:db8::7");
    private static final RelayAddress THERE = at("198.51.100.9");

    private final List<RelayAddress> asked = new ArrayList<>();
    private boolean answers;
    private final Elsewhere elsewhere = new Elsewhere(place -> {
        asked.add(place);
        return answers;
    });

    @Test
    void whoIsListedWhereItIsAsksNobody() throws Exception {
        answers = true;
        assertThat(look(NOON, List.of(HERE), NOON.minus(HOUR.multipliedBy(9)))).isNull();
        assertThat(look(NOON, List.of(at("203.0.113.1"), HERE_6), null))
                .as("an address of it that is ours")
                .isNull();
        assertThat(look(NOON, List.of(), null)).isNull();
        assertThat(asked).isEmpty();
    }

    /// A move, a restart after it, a backup that is restored elsewhere, keys that were brought: all of
    /// them.
    @Test
    void aPlaceWhereNobodyAnswersIsAFormerOne() throws Exception {
        assertThat(look(NOON, List.of(THERE), null)).isNull();
        assertThat(look(NOON, List.of(THERE), null)).isNull();
        assertThat(asked).as("once a consensus").containsExactly(THERE);
        answers = true;
        assertThat(look(NOON.plus(HOUR), List.of(THERE), null))
                .isEqualTo("the consensus of 2026-11-22T13:00:00Z lists it at 198.51.100.9:9001,"
                        + " and somebody with its keys answers there");
    }

    /// A consensus that was voted before everybody had our descriptor proves nothing, whoever answers.
    @Test
    void whoPublishesAfterUsIsAnother() throws Exception {
        answers = true;
        Instant held = NOON.minus(HOUR.multipliedBy(2));
        assertThat(look(NOON, List.of(THERE), held)).isNull();
        assertThat(look(NOON.plusSeconds(1), List.of(THERE), held))
                .isEqualTo("the consensus of 2026-11-22T12:00:01Z lists it at 198.51.100.9:9001,"
                        + " published there after 2026-11-22T10:00:00Z, when it was from here");
        assertThat(asked).isEmpty();
    }

    @Test
    void whoTakesAnotherPortIsElsewhere() throws Exception {
        RelayAddress otherPort = Objects.requireNonNull(RelayAddress.parseIp("192.0.2.7", 443));
        look(NOON, List.of(otherPort), null);
        assertThat(asked).containsExactly(otherPort);
    }

    private @Nullable String look(Instant validAfter, List<RelayAddress> listed, @Nullable Instant held)
            throws Exception {
        Consensus consensus = new Consensus(
                Flavor.MICRODESC,
                validAfter,
                validAfter.plus(HOUR),
                validAfter.plus(HOUR.multipliedBy(3)),
                300,
                new NetworkParameters(Map.of()),
                NetworkParameters.NONE,
                List.of());
        return elsewhere.look(consensus, listed, List.of(HERE, HERE_6), held);
    }

    private static RelayAddress at(String ip) {
        return Objects.requireNonNull(RelayAddress.parseIp(ip, 9001));
    }
}
