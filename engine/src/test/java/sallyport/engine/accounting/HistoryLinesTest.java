package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A history written down, and read by a process whose clocks stand elsewhere.
class HistoryLinesTest {
    private static final long START = -77_000_000_000L;
    private static final long LATER = 5_000_000_000_000L;
    private static final Instant TIME = Instant.parse("2026-11-21T12:00:00Z");
    private static final int DAY = 86_400;

    private final BandwidthHistory history = new BandwidthHistory(0);

    @Test
    void theLinesAreCTors() {
        traffic(history, 0, 5_000_000, 70_000);
        traffic(history, DAY + 100, 2_000_000, 9_000_000);

        assertThat(HistoryLines.of(history, TIME, at(DAY + 600)))
                .containsExactly(
                        "BWHistoryWriteEnds 2026-11-22 11:50:00",
                        "BWHistoryWriteInterval 86400",
                        "BWHistoryWriteValues 69632,8999936",
                        "BWHistoryWriteMaxima 6144,899072",
                        "BWHistoryReadEnds 2026-11-22 11:50:00",
                        "BWHistoryReadInterval 86400",
                        "BWHistoryReadValues 4999168,1999872",
                        "BWHistoryReadMaxima 499712,199680");
    }

    /// C tor's order; each with its own end of the day, and none of what never happened.
    @Test
    void theDocumentHasALineForEachKindOfTraffic() {
        traffic(history, 0, 5_000_000, 70_000);
        traffic(history, DAY, 1, 1);
        history.read(4096, true, at(DAY + 10));
        history.read(1, true, at(2 * DAY + 20));
        history.directoryWritten(9_000, at(DAY + 5));
        history.directoryWritten(9_000, at(2 * DAY + 10));

        assertThat(HistoryLines.published(history, TIME, at(2 * DAY + 20), Long.MAX_VALUE))
                .containsExactly(
                        "write-history 2026-11-20 11:59:40 (86400 s) 69632",
                        "read-history 2026-11-21 11:59:40 (86400 s) 4999168,4096",
                        "ipv6-read-history 2026-11-21 11:59:50 (86400 s) 4096",
                        "dirreq-write-history 2026-11-21 11:59:45 (86400 s) 8192");
    }

    /// What a relay carries for itself is not relayed: who knows the limit must not learn of it (C tor's
    /// `bwhist_fill_bandwidth_history`). The file keeps what was.
    @Test
    void noDayShowsMoreThanTheLimitOfRelayedBytesAllows() {
        traffic(history, 0, 5_000_000, 70_000);
        traffic(history, DAY, 1, 1);

        assertThat(HistoryLines.published(history, TIME, at(DAY), 3))
                .containsExactly(
                        "write-history 2026-11-21 12:00:00 (86400 s) 69632",
                        "read-history 2026-11-21 12:00:00 (86400 s) 259200");
        assertThat(HistoryLines.of(history, TIME, at(DAY))).contains("BWHistoryReadValues 4999168,0");
    }

    @Test
    void allKindsSurviveARestart() {
        history.written(2048, true, at(0));
        history.written(2048, true, at(DAY));
        history.directoryRead(1024, at(0));
        history.directoryRead(1024, at(DAY));
        BandwidthHistory next = restored(HistoryLines.of(history, TIME, at(DAY)), 10);

        assertThat(HistoryLines.published(next, TIME, LATER, Long.MAX_VALUE))
                .extracting(line -> line.split(" ", -1)[0])
                .containsExactly("write-history", "ipv6-write-history", "dirreq-read-history");
    }

    @Test
    void aRestartLosesNeitherDaysNorTheGreatestRate() {
        traffic(history, 0, 5_000_000, 4_000_000);
        traffic(history, DAY + 100, 2_000_000, 3_000_000);
        BandwidthHistory next = restored(HistoryLines.of(history, TIME, at(DAY + 600)), 1_200);

        assertThat(next.observedBytesPerSecond()).isEqualTo(4_000_000 / 10 / 1024 * 1024);
        assertThat(next.days(HistoryKind.READ, LATER).bytes()).containsExactly(4_999_168L);
        assertThat(next.days(HistoryKind.READ, LATER).secondsSinceEnd()).isEqualTo(1_800);
        // The running day goes on.
        next.read(1_000_000, false, LATER + TimeUnit.SECONDS.toNanos(5));
        next.read(1, false, LATER + TimeUnit.SECONDS.toNanos(DAY - 1_800));
        assertThat(next.days(HistoryKind.READ, LATER).bytes()).containsExactly(4_999_168L, 2_999_872L);
    }

    @Test
    void timeThatPassedMeanwhileIsSilence() {
        traffic(history, 0, 5_000_000, 4_000_000);
        List<String> lines = HistoryLines.of(history, TIME, at(600));

        BandwidthHistory twoDays = restored(lines, 2 * DAY);
        assertThat(twoDays.days(HistoryKind.READ, LATER).bytes()).containsExactly(4_999_168L, 0L);
        assertThat(twoDays.days(HistoryKind.READ, LATER).secondsSinceEnd()).isEqualTo(600);
        BandwidthHistory year = restored(lines, 365 * DAY);
        assertThat(year.days(HistoryKind.READ, LATER).bytes()).isEmpty();
        assertThat(year.observedBytesPerSecond()).isZero();
    }

    @Test
    void ofManyDaysFiveAreKept() {
        for (int day = 0; day <= 9; day++) {
            traffic(history, day * DAY, (day + 1) * 1024, 1024);
        }
        BandwidthHistory next = restored(HistoryLines.of(history, TIME, at(9 * DAY + 5)), 10);
        assertThat(next.days(HistoryKind.READ, LATER).bytes()).containsExactly(5_120L, 6_144L, 7_168L, 8_192L, 9_216L);
    }

    @Test
    void aClockSetBackByMoreThanADayForgets() {
        traffic(history, 0, 5_000_000, 4_000_000);
        BandwidthHistory next = restored(HistoryLines.of(history, TIME, at(600)), -2 * DAY);
        assertThat(next.observedBytesPerSecond()).isZero();
        next.read(7, false, LATER);
        assertThat(next.totals().read()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BWHistoryReadEnds yesterday",
                "BWHistoryReadInterval 900",
                "BWHistoryReadValues",
                "BWHistoryReadValues 1,,2",
                "BWHistoryReadValues -1",
                "BWHistoryReadValues 1,2,3",
                "BWHistoryReadMaxima 9223372036854775807",
                "BWHistoryReadMaxima 99999999999999999999"
            })
    void whatIsNoHistoryIsRefused(String line) {
        traffic(history, 0, 5_000_000, 4_000_000);
        List<String> lines = new ArrayList<>(HistoryLines.of(history, TIME, at(600)));
        String keyword = line.split(" ", -1)[0];
        lines.replaceAll(good -> good.startsWith(keyword) ? line : good);

        BandwidthHistory next = new BandwidthHistory(0);
        assertThat(HistoryLines.restore(lines, next, TIME, LATER)).isFalse();
        assertThat(next.observedBytesPerSecond()).isZero();
        assertThat(HistoryLines.restore(lines.subList(1, 8), next, TIME, LATER)).isFalse();
    }

    private static BandwidthHistory restored(List<String> lines, long secondsLater) {
        List<String> all = new ArrayList<>(List.of("TorVersion Tor 0.4.9.11", "CircuitBuildTimeBin 25 1"));
        all.addAll(lines);
        BandwidthHistory next = new BandwidthHistory(0);
        assertThat(HistoryLines.restore(all, next, TIME.plusSeconds(secondsLater), LATER))
                .isTrue();
        return next;
    }

    /// All within one second.
    private static void traffic(BandwidthHistory history, int second, int read, int written) {
        history.read(read, false, at(second));
        history.written(written, false, at(second));
    }

    private static long at(long second) {
        return START + TimeUnit.SECONDS.toNanos(second);
    }
}
