package sallyport.engine.sim;

import java.util.Map;
import java.util.SplittableRandom;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;

/// Everything about a seed that is drawn once: how the outside behaves, and which faults there may be.
///
/// @param calm whether nothing breaks but what clients and servers break themselves
/// @param parameters what the consensus says
/// @param cuts how many links are cut
/// @param bytesMax longest transfer
/// @param flood whether servers send more than links take
/// @param readerNanosMax how long clients keep a SENDME back
/// @param limit how fast the first relay may be
record SimClimate(
        boolean calm,
        int loops,
        int relays,
        int clients,
        SimWorld.Temper temper,
        SimNetwork.Weather weather,
        Map<String, Integer> parameters,
        int cuts,
        int bytesMax,
        boolean flood,
        long readerNanosMax,
        BandwidthRates limit) {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final int[] PIECES = {40, 600, 1460, 1460, 5000, 100_000};
    private static final int[] WINDOWS = {1024, 4096, 16_384, 65_536, 262_144};

    static SimClimate of(SplittableRandom random) {
        boolean calm = random.nextInt(4) == 0;
        long latency = random.nextLong(50_000, 20 * MILLI);
        boolean flood = random.nextInt(8) == 0;
        int pieces = flood ? 100_000 : PIECES[random.nextInt(PIECES.length)];
        int linkWindow = flood ? 4096 : WINDOWS[random.nextInt(WINDOWS.length)];
        int serverWindow = flood ? 262_144 : WINDOWS[random.nextInt(WINDOWS.length)];
        int queueCells = 2 + random.nextInt(254);
        boolean stalls = !calm && random.nextInt(3) == 0;
        boolean slowWorkers = !calm && random.nextInt(10) == 0;
        boolean shortQueues = !calm && random.nextInt(10) == 0;
        return new SimClimate(
                calm,
                1 + random.nextInt(3),
                3 + random.nextInt(3),
                flood ? 1 : 1 + random.nextInt(3),
                new SimWorld.Temper(
                        slowWorkers ? 12 * SECOND : random.nextLong(MILLI, 100 * MILLI), random.nextInt(90)),
                new SimNetwork.Weather(
                        latency,
                        latency + random.nextLong(MILLI, 100 * MILLI),
                        pieces,
                        linkWindow,
                        serverWindow,
                        stalls ? 1 + random.nextInt(5) : 0,
                        5 * SECOND),
                Map.of(
                        "cc_alg",
                        random.nextInt(8) == 0 ? 0 : 2,
                        "cc_sendme_inc",
                        10 + random.nextInt(60),
                        "cellq_high",
                        queueCells,
                        "cellq_low",
                        1 + random.nextInt(queueCells),
                        "cc_xoff_exit",
                        1 + random.nextInt(100),
                        "nf_conntimeout_relays",
                        60,
                        "circwindow",
                        random.nextInt(3) == 0 ? 100 : 1000,
                        "circ_max_cell_queue_size",
                        shortQueues ? 50 : 2500,
                        "CircuitPriorityHalflifeMsec",
                        1 + random.nextInt(30_000)),
                calm ? 0 : random.nextInt(4),
                pieces < 600 ? 20_000 : 600_000,
                flood,
                random.nextInt(4) == 0 ? 10 * SECOND : 200 * MILLI,
                limit(random));
    }

    private static BandwidthRates limit(SplittableRandom random) {
        if (random.nextInt(5) > 0) {
            return BandwidthRates.UNLIMITED;
        }
        long bytesPerSecond = random.nextLong(4_000, 60_000);
        Rate rate = new Rate(bytesPerSecond, bytesPerSecond * random.nextInt(1, 4));
        boolean all = random.nextBoolean();
        return new BandwidthRates(all ? rate : Rate.UNLIMITED, all ? Rate.UNLIMITED : rate, bytesPerSecond, 0, 0, true);
    }

    /// Whether the first relay has a limit.
    boolean limited() {
        return !limit.equals(BandwidthRates.UNLIMITED);
    }

    /// Whether onion skins may come too late.
    boolean slowWorkers() {
        return temper.workerNanosMax() > SECOND;
    }

    /// Whether circuits may have more cells than their queue takes.
    boolean shortQueues() {
        return parameters.getOrDefault("circ_max_cell_queue_size", 0) < 1000;
    }

    /// Whether something may take seconds that needs milliseconds.
    boolean stalls() {
        return weather.stallsPerMille() > 0;
    }
}
