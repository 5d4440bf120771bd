package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whom we believe that our clock is wrong: Alice's is, and Bob answers.
final class ClockSkewTest {
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final LinkPair pair = new LinkPair();

    @AfterEach
    void everythingIsGivenBack() {
        pair.close();
        assertThat(pair.alice.pool.outstanding()).isZero();
    }

    @Test
    void anAuthorityIsBelievedOnceAnHour() throws Exception {
        pair.alice.relays = new OneRelay(TestRelay.BOB, LinkPair.BOB_AT);
        pair.alice.world.clockAhead(AN_HOUR.multipliedBy(2));
        pair.connect();
        assertThat(pair.alice.world.lines())
                .singleElement()
                .asString()
                .contains(
                        "WARN",
                        "ahead of",
                        "authority",
                        TestRelay.BOB.identity().fingerprint());

        reconnect();
        assertThat(counted()).isEqualTo(2);
        assertThat(pair.alice.world.lines()).hasSize(1);
    }

    @Test
    void aRelayWeDialedIsCountedOnly() throws Exception {
        pair.alice.world.clockAhead(AN_HOUR.multipliedBy(-2));
        pair.connect();
        assertThat(counted()).isEqualTo(1);
        assertThat(pair.alice.world.lines()).isEmpty();
        // Bob was dialed by a relay that nobody lists: anyone could be that.
        assertThat(pair.bob.links.counters().get(LinkCounters.Kind.CLOCKS_DIFFER))
                .isZero();
    }

    @Test
    void aListedRelayThatDialedUsCounts() throws Exception {
        pair.bob.relays = new OneRelay(TestRelay.ALICE, LinkPair.ALICE_AT);
        pair.bob.world.clockAhead(AN_HOUR.multipliedBy(-2));
        pair.connect();
        assertThat(pair.bob.world.lines()).singleElement().asString().contains("behind");
    }

    @Test
    void lessThanAnHourIsNothing() throws Exception {
        pair.alice.world.clockAhead(AN_HOUR.minusMinutes(1));
        pair.connect();
        assertThat(counted()).isZero();
    }

    @Test
    void aNetinfoThatTookThreeMinutesTellsNothing() throws Exception {
        pair.alice.relays = new OneRelay(TestRelay.BOB, LinkPair.BOB_AT);
        pair.alice.world.clockAhead(AN_HOUR.multipliedBy(2));
        int[] messages = {0};
        pair.towardAlice = bytes -> {
            // VERSIONS, CERTS, AUTH_CHALLENGE, NETINFO
            if (++messages[0] == 4) {
                pair.alice.world.advance(Duration.ofSeconds(180));
            }
            return bytes;
        };
        pair.connect();
        assertThat(pair.alice.link().isOpen()).isTrue();
        assertThat(counted()).isZero();
    }

    private void reconnect() throws Exception {
        pair.alice.link().close();
        pair.settle();
        pair.aliceWire.finishAndReleaseAll();
        pair.bobWire.finishAndReleaseAll();
        pair.connect();
    }

    private long counted() {
        return pair.alice.links.counters().get(LinkCounters.Kind.CLOCKS_DIFFER);
    }
}
