package sallyport.lab.dirauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.ProtocolVersions;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.lab.roster.Kept;
import sallyport.lab.roster.Roster;
import sallyport.lab.roster.RosterSettings;

/// Which descriptors an authority asks others for. That it gets them is shown by a network's life:
/// `LifeSimulationTest` has an authority lose its disk.
class LackedDescriptorsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final RosterSettings SETTINGS = RosterSettings.testing();
    private static final int ASKED_MAX = 1_000;
    private static final int ATTEMPTS_MAX = 8;

    private final LackedDescriptors lacked =
            new LackedDescriptors(new Roster(SETTINGS, "", Kept.nothing(SETTINGS), NOW));

    private static Consensus listing(int relays) {
        List<RouterStatus> all = new ArrayList<>();
        for (int i = 0; i < relays; i++) {
            byte[] names = new byte[40];
            names[18] = (byte) (i >> 8);
            names[19] = (byte) i;
            System.arraycopy(names, 0, names, 20, 20);
            all.add(new RouterStatus(names, "r", List.of(), Set.of(), 0, new ProtocolVersions("")));
        }
        return new Consensus(
                Flavor.NS,
                NOW,
                NOW.plusSeconds(3_600),
                NOW.plusSeconds(10_800),
                20,
                NetworkParameters.NONE,
                NetworkParameters.NONE,
                all);
    }

    @Test
    void whatNobodyHasIsAskedForAFewTimesOnly() {
        Consensus two = listing(2);
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            assertThat(lacked.next(List.of(), two)).containsExactly("0".repeat(40), Hex.upper(new byte[19]) + "01");
        }
        assertThat(lacked.next(List.of(), two)).isEmpty();
        // Listed anew, it is asked for anew.
        assertThat(lacked.next(List.of(), null)).isEmpty();
        assertThat(lacked.next(List.of(), two)).hasSize(2);
    }

    @Test
    void oneRoundAsksForSoManyAndTheNextGoesOn() {
        Consensus many = listing(ASKED_MAX + 1);
        Set<String> first = lacked.next(List.of(), many);
        assertThat(first).hasSize(ASKED_MAX);
        assertThat(lacked.next(List.of(), many)).hasSize(ASKED_MAX).anyMatch(digest -> !first.contains(digest));
    }
}
