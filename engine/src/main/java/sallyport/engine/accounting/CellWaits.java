package sallyport.engine.accounting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import sallyport.engine.world.Entropy;

/// How long cells wait in the queues of circuits, told by tenths of the circuits, the busiest first (dir-spec
/// `cell-stats-end` and what follows it). Runs on: the instance's loop.
public final class CellWaits implements Statistic {
    private static final int SHARES = 10;
    private static final double QUEUES_OF_A_CIRCUIT = 2;
    // Ours: 320 KiB, where an operator asks for it at all. Of more circuits each has the same chance to be kept.
    static final int CIRCUITS_KEPT_MAX = 8192;

    /// What one circuit told.
    private record Circuit(long cells, double queued, double waitMillis) {}

    private final Entropy entropy;
    private final List<Circuit> circuits = new ArrayList<>();
    private final Runnable openOnes;
    private long beginNanos;
    private long seen;

    /// @param openOnes has the open circuits tell, before the day ends
    CellWaits(Entropy entropy, Runnable openOnes) {
        this.entropy = entropy;
        this.openOnes = openOnes;
    }

    /// A circuit that ends, or that is open when the day ends, tells what passed since the day began.
    ///
    /// @param cells that left its two queues
    /// @param waitedMillis of all of them together
    /// @param openedNanos when the circuit began
    public void add(long cells, long waitedMillis, long openedNanos, long nowNanos) {
        long from = openedNanos - beginNanos > 0 ? openedNanos : beginNanos;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nowNanos - from);
        if (cells == 0 || seconds <= 0) {
            return;
        }
        seen++;
        Circuit told = new Circuit(
                cells,
                waitedMillis / (double) seconds / TimeUnit.SECONDS.toMillis(1) / QUEUES_OF_A_CIRCUIT,
                waitedMillis / (double) cells);
        if (circuits.size() < CIRCUITS_KEPT_MAX) {
            circuits.add(told);
            return;
        }
        long place = entropy.jitter(seen);
        if (place < CIRCUITS_KEPT_MAX) {
            circuits.set((int) place, told);
        }
    }

    @Override
    public void begin(long nowNanos) {
        circuits.clear();
        seen = 0;
        beginNanos = nowNanos;
    }

    @Override
    public List<String> lines(String day, long nowNanos) {
        openOnes.run();
        circuits.sort(Comparator.comparingLong(Circuit::cells).reversed());
        long[] cells = new long[SHARES];
        double[] queued = new double[SHARES];
        double[] waits = new double[SHARES];
        int[] count = new int[SHARES];
        for (int i = 0; i < circuits.size(); i++) {
            int share = i * SHARES / circuits.size();
            Circuit circuit = circuits.get(i);
            cells[share] += circuit.cells;
            queued[share] += circuit.queued;
            waits[share] += circuit.waitMillis;
            count[share]++;
        }
        for (int share = 0; share < SHARES; share++) {
            int of = Math.max(1, count[share]);
            cells[share] /= of;
            queued[share] /= of;
            waits[share] /= of;
        }
        return List.of(
                "cell-stats-end " + day,
                "cell-processed-cells "
                        + LongStream.of(cells).mapToObj(Long::toString).collect(Collectors.joining(",")),
                "cell-queued-cells " + list(queued, 2),
                "cell-time-in-queue " + list(waits, 0),
                "cell-circuits-per-decile " + (seen + SHARES - 1) / SHARES);
    }

    private static String list(double[] figures, int digits) {
        List<String> texts = new ArrayList<>();
        for (double figure : figures) {
            texts.add(Decimals.of(figure, digits));
        }
        return String.join(",", texts);
    }
}
