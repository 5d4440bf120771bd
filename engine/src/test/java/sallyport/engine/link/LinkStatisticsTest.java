package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.cell.CellCommand;

/// What a link tells the statistics of the relay that accepted it.
class LinkStatisticsTest {
    private static final int CELLS = 100;

    private final LinkPair pair = new LinkPair();
    private final RelayStatistics counted = pair.bob.statistics;

    @BeforeEach
    void count() {
        pair.alice.statistics.follow(Set.of(StatisticKind.CELLS), true);
        counted.follow(Set.of(StatisticKind.LINK_DIRECTIONS, StatisticKind.ENTRIES), true);
    }

    @AfterEach
    void everythingIsGivenBack() {
        pair.close();
        assertThat(pair.alice.pool.outstanding()).isZero();
        assertThat(pair.bob.pool.outstanding()).isZero();
    }

    @Test
    void bytesAreCountedByTheirDirection() throws Exception {
        pair.connect();
        CircuitPort port = pair.alice.link().open(new Deaf());
        for (int i = 0; i < CELLS; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.CREATE2));
        }
        pair.settle();
        assertThat(counted.bandwidth().totals().read()).isGreaterThan(CELLS * 514L);
        assertThat(counted.bandwidth().totals().written()).isLessThan(CELLS * 51L);
        assertThat(port.waitedCells()).isEqualTo(CELLS);

        pair.bob.world.advance(Duration.ofSeconds(10));
        port.send(LinkPair.cell(pair.alice.pool, CellCommand.CREATE2));
        pair.settle();
        assertThat(TestStatistics.lines(counted.linkDirections(), 0))
                .containsExactly("conn-bi-direct DAY 0,1,0,0", "ipv6-conn-bi-direct DAY 0,0,0,0");
    }

    @Test
    void whoIsNotInTheConsensusIsAnEntry() throws Exception {
        pair.connect();
        assertThat(TestStatistics.lines(counted.entries(), 0)).contains("entry-ips ??=8");
    }

    @Test
    void aKnownRelayIsNoEntry() throws Exception {
        pair.bob.relays = new OneRelay(TestRelay.ALICE, LinkPair.ALICE_AT);
        pair.connect();
        assertThat(TestStatistics.lines(counted.entries(), 0)).contains("entry-ips ");
    }
}
