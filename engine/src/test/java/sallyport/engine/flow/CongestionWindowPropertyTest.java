package sallyport.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.netdoc.NetworkParameters;

/// Whatever a client and its network do in time, cells and acknowledgements must stay in step.
class CongestionWindowPropertyTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void cellsAndAcknowledgementsStayInStep(long seed) throws ProtocolViolation {
        Random random = new Random(seed);
        int increment = random.nextBoolean() ? 31 : 1 + random.nextInt(254);
        VegasParameters parameters = VegasParameters.ofExit(parameters(random));
        CongestionWindow window = new CongestionWindow(parameters, increment);
        ArrayDeque<Integer> owed = new ArrayDeque<>();
        long micros = 1;
        int cells = 0;
        long acknowledged = 0;
        for (int turn = 0; turn < 20_000; turn++) {
            micros += random.nextInt(4) == 0 ? 0 : random.nextLong(1L << random.nextInt(30));
            if (random.nextBoolean()) {
                for (int i = random.nextInt(300); i > 0 && window.isOpen(); i--) {
                    cells++;
                    if (window.dataSent()) {
                        window.await(tag(cells), micros);
                        owed.add(cells);
                    }
                }
            } else if (!owed.isEmpty()) {
                sendme(window, tag(owed.remove()), micros, random);
                acknowledged += increment;
            }
            assertThat(window.vegas().inflight()).isEqualTo(cells - acknowledged);
            assertThat(window.tags().awaited()).isEqualTo(owed.size()).isEqualTo((int)
                    (window.vegas().inflight() / increment));
            // Only its start may lie outside, where the votes contradict each other.
            assertThat(window.vegas().window())
                    .isBetween(1L, (long) Math.max(parameters.windowMax(), parameters.windowInit()));
        }
        assertThat(cells).isPositive();
    }

    /// A client that only sends SENDMEs, or answers with the tag before or after, learns nothing and gains
    /// nothing.
    @Test
    void onlyTheOldestTagIsAnAnswer() {
        for (int wrong : new int[] {30, 32, 62, 0}) {
            CongestionWindow window = filled(124);
            assertThatThrownBy(() -> sendme(window, tag(wrong), 5, new Random(1)))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessage("SENDME with a wrong tag");
        }
        assertThatThrownBy(() -> sendme(filled(30), tag(30), 5, new Random(1)))
                .hasMessage("SENDME that nothing awaited");
        assertThatThrownBy(() -> sendme(filled(31), new byte[16], 5, new Random(1)))
                .hasMessage("SENDME with a wrong tag");
    }

    @Test
    void theFirstWindowIsOf124CellsAndFourSendmes() throws ProtocolViolation {
        CongestionWindow window = filled(124);
        assertThat(window.isOpen()).isFalse();
        assertThat(window.tags().awaited()).isEqualTo(4);
        assertThatThrownBy(window::dataSent).isInstanceOf(IllegalStateException.class);
        sendme(window, tag(31), 100_000, new Random(1));
        assertThat(window.isOpen()).isTrue();
    }

    /// However large a window the authorities allow, what a client owes us has an end.
    @Test
    void aClientThatNeverAnswersCostsALimitedNumberOfTags() {
        Map<String, Integer> voted = Map.of("cc_cwnd_init", 10_000);
        CongestionWindow window = new CongestionWindow(VegasParameters.ofExit(new NetworkParameters(voted)), 1);
        int cells = 0;
        while (window.isOpen()) {
            assertThat(window.dataSent()).isTrue();
            window.await(tag(++cells), 1);
        }
        assertThat(cells).isEqualTo(AwaitedTags.MAX);
    }

    private static CongestionWindow filled(int cells) {
        CongestionWindow window = new CongestionWindow(VegasParameters.ofExit(NetworkParameters.NONE), 31);
        for (int cell = 1; cell <= cells; cell++) {
            if (window.dataSent()) {
                window.await(tag(cell), 1);
            }
        }
        return window;
    }

    private static void sendme(CongestionWindow window, byte[] tag, long micros, Random random)
            throws ProtocolViolation {
        boolean blocked = random.nextInt(10) == 0;
        window.sendme(new SendmeBody(1, tag), micros, blocked, blocked ? 256 + random.nextInt(1000) : 0);
    }

    private static byte[] tag(int cell) {
        byte[] tag = new byte[20];
        tag[0] = (byte) cell;
        tag[9] = (byte) (cell >>> 8);
        tag[19] = (byte) (cell >>> 16);
        return tag;
    }

    private static NetworkParameters parameters(Random random) {
        Map<String, Integer> voted = new HashMap<>();
        for (String name : new String[] {
            "cc_cwnd_init",
            "cc_cwnd_min",
            "cc_cwnd_max",
            "cc_cwnd_inc",
            "cc_cwnd_inc_rate",
            "cc_cwnd_inc_pct_ss",
            "cc_ewma_cwnd_pct",
            "cc_ewma_max",
            "cc_ewma_ss",
            "cc_rtt_reset_pct",
            "cc_cwnd_full_gap",
            "cc_cwnd_full_minpct",
            "cc_cwnd_full_per_cwnd",
            "cc_vegas_alpha_exit",
            "cc_vegas_beta_exit",
            "cc_vegas_gamma_exit",
            "cc_vegas_delta_exit",
            "cc_sscap_exit",
            "cc_ss_max"
        }) {
            if (random.nextInt(3) == 0) {
                voted.put(name, random.nextInt(1 << (1 + random.nextInt(12))));
            }
        }
        return new NetworkParameters(voted);
    }
}
