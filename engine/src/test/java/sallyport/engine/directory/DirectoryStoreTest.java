package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.RelayIndex;

class DirectoryStoreTest {
    private static final String VOTED = "circwindow";
    private static final int NEVER_VOTED = 77;

    @Test
    void whatTheOperatorSetsStandsOverTheVoteOfEveryConsensus() throws Exception {
        DirectoryStore store = CapturedDirectory.store();
        Consensus consensus = store.consensus().orElseThrow();
        int voted = get(store, VOTED);

        store.ownParameters(Map.of(VOTED, NEVER_VOTED));
        assertThat(get(store, VOTED)).isEqualTo(NEVER_VOTED).isNotEqualTo(voted);
        store.replace(consensus, null, RelayIndex.EMPTY);
        assertThat(get(store, VOTED)).as("after the next consensus").isEqualTo(NEVER_VOTED);

        store.ownParameters(Map.of());
        assertThat(get(store, VOTED)).isEqualTo(voted);
    }

    @Test
    void whatTheOperatorSetsHoldsBeforeAnyConsensus() {
        DirectoryStore store = new DirectoryStore();
        store.ownParameters(Map.of(VOTED, NEVER_VOTED));
        assertThat(get(store, VOTED)).isEqualTo(NEVER_VOTED);
    }

    private static int get(DirectoryStore store, String name) {
        return store.parameters().get(name, 1, 10_000, 1_000);
    }
}
