package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.instance.InstanceReport.FirstSeen;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.ProtocolVersions;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.engine.world.Log;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

/// Since when a relay is listed is said as exactly as it is known, and no more so.
class ListingKeeperTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String STATE = "relays/r1/state";

    private final MemoryStorage storage = new MemoryStorage();
    private final List<String> warned = new ArrayList<>();
    private final Log log = (_, relay, text) -> warned.add(relay + ": " + text);
    private RelayKeys keys;

    @BeforeEach
    void makeKeys() throws Exception {
        SettableClock clock = new SettableClock();
        clock.set(NOON);
        keys = RelayKeys.open(storage, "relays/r1/keys", new SeededEntropy(1), clock);
    }

    @Test
    void aRelayThatWeSawComingIsDatedFromBothSides() throws Exception {
        ListingKeeper keeper = keeper();
        keeper.look(consensus(0, false));
        keeper.look(consensus(1, false));
        assertThat(keeper.seen()).isNull();
        keeper.look(consensus(2, true));
        FirstSeen seen = new FirstSeen(hour(2), Optional.of(hour(1)));
        assertThat(keeper.seen()).isEqualTo(seen);
        keeper.look(consensus(3, false));
        keeper.look(consensus(4, true));
        assertThat(keeper.seen()).as("the first time stays the first").isEqualTo(seen);
        assertThat(keeper().seen()).as("after a restart").isEqualTo(seen);
    }

    /// An identity that comes from elsewhere may be years old.
    @Test
    void aRelayThatWasThereBeforeUsIsNotDatedFromBelow() throws Exception {
        ListingKeeper keeper = keeper();
        keeper.look(consensus(1, true));
        assertThat(keeper.seen()).isEqualTo(new FirstSeen(hour(1), Optional.empty()));
        keeper.look(consensus(0, false));
        assertThat(keeper().seen()).isEqualTo(new FirstSeen(hour(1), Optional.empty()));
    }

    /// A stored consensus is older than the one before the restart.
    @Test
    void anOlderConsensusWithoutItMovesNothingBack() throws Exception {
        ListingKeeper keeper = keeper();
        keeper.look(consensus(2, false));
        keeper.look(consensus(1, false));
        keeper.look(consensus(3, true));
        assertThat(keeper.seen()).isEqualTo(new FirstSeen(hour(3), Optional.of(hour(2))));
    }

    /// What is said after a crash may be less exact; it is never wrong.
    @Test
    void aCrashBeforeTheListingLeavesTheFirstConsensusWithoutIt() throws Exception {
        ListingKeeper keeper = keeper();
        keeper.look(consensus(0, false));
        keeper.look(consensus(1, false));
        ListingKeeper again = keeper();
        again.look(consensus(2, true));
        assertThat(again.seen()).isEqualTo(new FirstSeen(hour(2), Optional.of(hour(0))));
    }

    @Test
    void theOtherLinesOfTheFileStay() throws Exception {
        storage.write(STATE, "TorVersion Tor 0.4.9.11\nBWHistoryReadValues 1\n".getBytes(StandardCharsets.UTF_8));
        ListingKeeper keeper = keeper();
        keeper.look(consensus(0, false));
        keeper.look(consensus(1, true));
        assertThat(new String(storage.read(STATE, 1000).orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("""
                TorVersion Tor 0.4.9.11
                BWHistoryReadValues 1
                SallyportFirstListed 2026-11-22T13:00:00Z
                SallyportLastNotListed 2026-11-22T12:00:00Z
                """);
    }

    @Test
    void aDamagedLineIsSaidAndNotedAnew() throws Exception {
        storage.write(STATE, "SallyportFirstListed yesterday\n".getBytes(StandardCharsets.UTF_8));
        ListingKeeper keeper = keeper();
        assertThat(warned).containsExactly("r1: since when it is listed cannot be read and is noted anew");
        keeper.look(consensus(5, true));
        assertThat(keeper().seen()).isEqualTo(new FirstSeen(hour(5), Optional.empty()));
    }

    @Test
    void aFullDiskIsSaidAndForgetsNothingWhileWeRun() throws Exception {
        ListingKeeper keeper = keeper();
        storage.fullAfter(0);
        keeper.look(consensus(1, true));
        assertThat(keeper.seen()).isEqualTo(new FirstSeen(hour(1), Optional.empty()));
        assertThat(warned).singleElement().asString().startsWith("r1: since when it is listed is not saved: ");
    }

    private ListingKeeper keeper() throws Exception {
        ListingKeeper keeper = new ListingKeeper(log, "r1", keys);
        keeper.restore();
        return keeper;
    }

    private static Instant hour(int hour) {
        return NOON.plusSeconds(3600L * hour);
    }

    private Consensus consensus(int hour, boolean lists) {
        RouterStatus us = new RouterStatus(
                keys.identity().rsaDigest(), "nick", List.of(), Set.of("Running"), 1, new ProtocolVersions(""));
        return new Consensus(
                Flavor.MICRODESC,
                hour(hour),
                hour(hour + 1),
                hour(hour + 3),
                300,
                new NetworkParameters(Map.of()),
                NetworkParameters.NONE,
                lists ? List.of(us) : List.of());
    }
}
