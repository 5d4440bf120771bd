package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.DirectoryRequests.Refusal;
import sallyport.engine.world.SeededEntropy;

/// The lines of each statistic. Those with a date of 2010 are C tor's (src/test/test_stats.c and test_geoip.c).
class StatisticTest {
    private static final String DAY = "2010-08-12 13:27:30 (86400 s)";
    private static final long START = -4_000_000_000L;

    private final SeededEntropy entropy = new SeededEntropy(1);

    @Test
    void bytesAndStreamsOfPortsAreCTors() {
        ExitPorts ports = new ExitPorts();
        ports.begin(START);
        ports.opened(80);
        exitBytes(ports, 80, 100, 10_000);
        ports.opened(443);
        exitBytes(ports, 443, 200, 20_000);
        assertThat(ports.lines(DAY, at(86_400)))
                .containsExactly(
                        "exit-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "exit-kibibytes-written 80=1,443=1,other=0",
                        "exit-kibibytes-read 80=10,443=20,other=0",
                        "exit-streams-opened 80=4,443=4,other=0");

        for (int port = 50; port < 60; port++) {
            exitBytes(ports, port, port, port);
            ports.opened(port);
        }
        assertThat(ports.lines(DAY, at(86_400)))
                .containsExactly(
                        "exit-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "exit-kibibytes-written 52=1,53=1,54=1,55=1,56=1,57=1,58=1,59=1,80=1,443=1,other=1",
                        "exit-kibibytes-read 52=1,53=1,54=1,55=1,56=1,57=1,58=1,59=1,80=10,443=20,other=1",
                        "exit-streams-opened 52=4,53=4,54=4,55=4,56=4,57=4,58=4,59=4,80=4,443=4,other=4");

        ports.begin(at(86_400));
        assertThat(ports.lines(DAY, at(86_400)))
                .containsExactly(
                        "exit-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "exit-kibibytes-written other=0",
                        "exit-kibibytes-read other=0",
                        "exit-streams-opened other=0");
    }

    @Test
    void directionsOfLinksAreCTors() {
        LinkDirections directions = new LinkDirections();
        LinkDirections.Traffic first = new LinkDirections.Traffic(false);
        LinkDirections.Traffic second = new LinkDirections.Traffic(true);
        directions.begin(START);
        directions.add(first, 30_000, 400_000, at(0));
        directions.add(first, 30_000, 400_000, at(5));
        directions.add(second, 400_000, 30_000, at(10));
        directions.add(second, 400_000, 30_000, at(15));
        // The interval that the day cuts short is not counted.
        assertThat(directions.lines(DAY, at(86_400)))
                .containsExactly(
                        "conn-bi-direct 2010-08-12 13:27:30 (86400 s) 0,0,1,0",
                        "ipv6-conn-bi-direct 2010-08-12 13:27:30 (86400 s) 0,0,0,0");

        directions.begin(at(16));
        assertThat(directions.lines(DAY, at(86_400)))
                .containsExactly(
                        "conn-bi-direct 2010-08-12 13:27:30 (86400 s) 0,0,0,0",
                        "ipv6-conn-bi-direct 2010-08-12 13:27:30 (86400 s) 0,0,0,0");
    }

    /// dir-spec "conn-bi-direct": below 20 KiB, ten times as much read, ten times as much written, neither.
    @Test
    void directionsAreToldApartAtTheirBounds() {
        LinkDirections directions = new LinkDirections();
        directions.begin(START);
        int[][] traffic = {{0, 20_479}, {20_480, 0}, {0, 20_480}, {50_000, 5_000}, {50_000, 5_001}, {5_000, 50_000}};
        for (int[] bytes : traffic) {
            directions.add(new LinkDirections.Traffic(true), bytes[0], bytes[1], at(1));
        }
        directions.add(new LinkDirections.Traffic(false), 1, 1, at(1));
        // A long silence is no interval of anybody's.
        directions.add(new LinkDirections.Traffic(false), 1, 1, at(5_000));
        assertThat(directions.lines(DAY, at(5_001)))
                .containsExactly(
                        "conn-bi-direct 2010-08-12 13:27:30 (86400 s) 2,2,2,1",
                        "ipv6-conn-bi-direct 2010-08-12 13:27:30 (86400 s) 1,2,2,1");
    }

    @Test
    void waitsOfCellsAreToldByTenthsOfTheCircuits() {
        List<Integer> asked = new ArrayList<>();
        CellWaits waits = new CellWaits(entropy, () -> asked.add(1));
        waits.begin(START);
        waits.add(20, 20 * 4000, at(0), at(20));
        assertThat(waits.lines(DAY, at(86_400)))
                .containsExactly(
                        "cell-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "cell-processed-cells 20,0,0,0,0,0,0,0,0,0",
                        "cell-queued-cells 2.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00",
                        "cell-time-in-queue 4000,0,0,0,0,0,0,0,0,0",
                        "cell-circuits-per-decile 1");
        assertThat(asked).hasSize(1);

        for (int cells = 21; cells < 30; cells++) {
            waits.add(cells, cells * 4000L, at(0), at(cells));
        }
        for (int cells = 20; cells < 30; cells++) {
            waits.add(cells, cells * 7000L, at(100), at(100 + cells));
        }
        // Neither a circuit without cells nor one of this very second says anything.
        waits.add(0, 0, at(0), at(10));
        waits.add(5, 5, at(10), at(10));
        assertThat(waits.lines(DAY, at(86_400)))
                .containsExactly(
                        "cell-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "cell-processed-cells 29,28,27,26,25,24,23,22,21,20",
                        "cell-queued-cells 2.75,2.75,2.75,2.75,2.75,2.75,2.75,2.75,2.75,2.75",
                        "cell-time-in-queue 5500,5500,5500,5500,5500,5500,5500,5500,5500,5500",
                        "cell-circuits-per-decile 2");
    }

    @Test
    void anOldCircuitTellsOfThisDayOnly() {
        CellWaits waits = new CellWaits(entropy, () -> {});
        waits.begin(at(1_000));
        waits.add(10, 40_000, at(0), at(1_010));
        assertThat(waits.lines(DAY, at(1_010)).get(2)).startsWith("cell-queued-cells 2.00,");
    }

    @Test
    void circuitsBeyondTheLimitAreDrawn() {
        CellWaits waits = new CellWaits(entropy, () -> {});
        waits.begin(START);
        for (int i = 0; i < 3 * CellWaits.CIRCUITS_KEPT_MAX; i++) {
            waits.add(i < CellWaits.CIRCUITS_KEPT_MAX ? 1 : 3, 0, at(0), at(1));
        }
        List<String> lines = waits.lines(DAY, at(2));
        assertThat(lines.get(1)).startsWith("cell-processed-cells 3,3,3,3,3,").endsWith(",1");
        assertThat(lines.get(4)).isEqualTo("cell-circuits-per-decile 2458");
    }

    @Test
    void nobodyFetchedAConsensus() {
        DirectoryRequests requests = new DirectoryRequests(entropy);
        requests.begin(START);
        assertThat(requests.lines(DAY, at(86_400)))
                .containsExactly(
                        "dirreq-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "dirreq-v3-ips ",
                        "dirreq-v3-reqs ",
                        "dirreq-v3-resp served=0,ok=0,not-enough-sigs=0,unavailable=0,not-found=0,not-modified=0,busy=0",
                        "dirreq-v3-direct-dl complete=0,timeout=0,running=0",
                        "dirreq-v3-tunneled-dl complete=0,timeout=0,running=0");
    }

    @Test
    void whoFetchedAConsensusIsRounded() {
        DirectoryRequests requests = new DirectoryRequests(entropy);
        requests.begin(START);
        for (int i = 0; i < 9; i++) {
            requests.served(at(i));
            requests.sent(address(i / 3));
            requests.downloaded(at(i), 4_000, at(i + 2));
        }
        requests.refused(Refusal.NOT_ENOUGH_SIGNATURES);
        for (int i = 0; i < 9; i++) {
            requests.refused(Refusal.NOT_MODIFIED);
        }
        requests.refused(Refusal.BUSY);
        assertThat(requests.lines(DAY, at(86_400)))
                .containsExactly(
                        "dirreq-stats-end 2010-08-12 13:27:30 (86400 s)",
                        "dirreq-v3-ips ??=8",
                        "dirreq-v3-reqs ??=16",
                        "dirreq-v3-resp served=16,ok=16,not-enough-sigs=8,unavailable=0,not-found=0,not-modified=16,busy=8",
                        "dirreq-v3-direct-dl complete=0,timeout=0,running=0",
                        "dirreq-v3-tunneled-dl complete=12,timeout=0,running=0");
    }

    /// What began less than ten minutes before the end may still be done; the rest never will.
    @Test
    void downloadsThatAreNotDoneRunOrAreOver() {
        DirectoryRequests requests = new DirectoryRequests(entropy);
        requests.begin(START);
        long end = 86_400;
        for (int i = 0; i < 5; i++) {
            requests.served(at(end - 700 - i));
        }
        requests.served(at(end - 100));
        requests.served(at(end - 10));
        requests.downloaded(at(end - 10), 1, at(end - 5));
        // One of the day before.
        requests.downloaded(START - 1, 1, at(end - 5));
        assertThat(requests.lines(DAY, at(end)).getLast())
                .isEqualTo("dirreq-v3-tunneled-dl complete=4,timeout=8,running=4");
        requests.downloaded(at(end - 704), 1, at(end + 5));
        assertThat(requests.lines(DAY, at(end + 600)).getLast())
                .isEqualTo("dirreq-v3-tunneled-dl complete=4,timeout=8,running=0");
    }

    /// Deciles as C tor picks them: 20 downloads of 1,000 to 20,000 bytes per second.
    @Test
    void speedsAreToldFromSixteenDownloadsOn() {
        DirectoryRequests requests = new DirectoryRequests(entropy);
        requests.begin(START);
        for (int i = 12; i > 0; i--) {
            download(requests, i);
        }
        assertThat(requests.lines(DAY, at(2)).getLast()).doesNotContain("min=");
        download(requests, 13);
        assertThat(requests.lines(DAY, at(2)).getLast())
                .contains("complete=16,")
                .contains("min=1000,");
        for (int i = 14; i <= 20; i++) {
            download(requests, i);
        }
        assertThat(requests.lines(DAY, at(2)).getLast())
                .isEqualTo("dirreq-v3-tunneled-dl complete=20,timeout=0,running=0,min=1000,d1=2000,d2=4000,q1=5000,"
                        + "d3=6000,d4=8000,md=10000,d6=12000,d7=14000,q3=15000,d8=16000,d9=18000,max=20000");
    }

    @Test
    void ofManySpeedsSomeAreDrawn() {
        Rates rates = new Rates(entropy);
        for (int i = 0; i < 20 * Rates.KEPT_MAX; i++) {
            rates.add(i);
        }
        String median = rates.deciles().replaceAll(".*,md=([0-9]+),.*", "$1");
        assertThat(Long.parseLong(median)).isBetween(9L * Rates.KEPT_MAX, 11L * Rates.KEPT_MAX);
    }

    @Test
    void entriesAreCounted() {
        EntryAddresses entries = new EntryAddresses(entropy);
        entries.begin(START);
        assertThat(entries.lines(DAY, at(1))).containsExactly("entry-stats-end " + DAY, "entry-ips ");
        for (int i = 0; i < 9; i++) {
            entries.connected(address(i));
            entries.connected(address(i));
        }
        assertThat(entries.lines(DAY, at(1))).containsExactly("entry-stats-end " + DAY, "entry-ips ??=16");
    }

    /// The figures blurred, their parameters as dir-spec has them.
    @Test
    void whatIsDoneForOnionServicesIsBlurred() {
        OnionServiceActivity activity = OnionServiceActivity.ofVersion3(new SeededEntropy(3));
        activity.relayed();
        activity.begin(START);
        for (int i = 0; i < 1_000_000; i++) {
            activity.relayed();
        }
        for (int i = 0; i < 4_000; i++) {
            activity.stored(address(i));
        }
        List<String> lines = activity.lines(DAY, at(86_400));
        assertThat(lines.getFirst()).isEqualTo("hidserv-v3-stats-end " + DAY);
        assertThat(lines.get(1))
                .matches("hidserv-rend-v3-relayed-cells [0-9]+ delta_f=2048 epsilon=0\\.30 bin_size=1024");
        assertThat(lines.get(2)).matches("hidserv-dir-v3-onions-seen [0-9]+ delta_f=8 epsilon=0\\.30 bin_size=8");
        // 40 times delta_f / epsilon is beyond all seeds.
        assertThat(figure(lines.get(1))).isBetween(1_000_448L - 273_000, 1_000_448L + 273_000);
        assertThat(figure(lines.get(2))).isBetween(4_000L - 1_070, 4_000L + 1_070);
        assertThat(activity.lines(DAY, at(86_400))).isNotEqualTo(lines);
        assertThat(OnionServiceActivity.ofVersion2(entropy).lines(DAY, at(1)))
                .extracting(line -> line.split(" ", -1)[0])
                .containsExactly("hidserv-stats-end", "hidserv-rend-relayed-cells", "hidserv-dir-onions-seen");
    }

    @Test
    void paddingIsCounted() {
        PaddingCounts counts = new PaddingCounts();
        counts.begin(START);
        counts.written(5, true);
        assertThat(counts.lines(DAY, at(1))).isEmpty();

        counts.read(true, true);
        counts.read(true, false);
        for (int i = 0; i < 10_000; i++) {
            counts.read(false, true);
        }
        counts.paddingWritten(true);
        counts.written(20_000, false);
        counts.dropRead();
        counts.timerStarted();
        counts.timerStarted();
        counts.timerStopped();
        assertThat(counts.lines(DAY, at(86_400)))
                .containsExactly("padding-counts 2010-08-12 13:27:30 (86400 s) bin-size=10000 write-drop=0"
                        + " write-pad=10000 write-total=30000 read-drop=10000 read-pad=10000 read-total=20000"
                        + " enabled-read-pad=10000 enabled-read-total=20000 enabled-write-pad=10000"
                        + " enabled-write-total=10000 max-chanpad-timers=2");
    }

    private static void exitBytes(ExitPorts ports, int port, int written, int read) {
        ports.written(port, written);
        ports.read(port, read);
    }

    private static void download(DirectoryRequests requests, int kilobytesPerSecond) {
        requests.served(at(0));
        requests.downloaded(at(0), 2_000L * kilobytesPerSecond, at(2));
    }

    private static byte[] address(int number) {
        return new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    private static long figure(String line) {
        return Long.parseLong(line.split(" ", -1)[1]);
    }

    private static long at(long second) {
        return START + TimeUnit.SECONDS.toNanos(second);
    }
}
