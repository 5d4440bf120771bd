package sallyport.engine.link;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.ClientRules;
import sallyport.engine.limits.Rate;
import sallyport.engine.netdoc.NetworkParameters;

/// The parameters of the consensus that rule the links of one instance. Who asks for each cell asks for those
/// that were found at the turn's beginning. Every method runs on the instance's loop.
final class LinkRules {
    // Specification leaves it open; C tor's default of the parameter `circ_max_cell_queue_size` and its bounds.
    private static final int QUEUE_CELLS_MIN = 50;
    private static final int QUEUE_CELLS_DEFAULT = 2500;
    // Specification: the bounds of cellq_high and cellq_low.
    private static final int QUEUE_MARK_CELLS_MAX = 1000;
    // C tor's default half-life of what circuits sent; the parameter `CircuitPriorityHalflifeMsec`.
    private static final int HALF_LIFE_MILLIS_DEFAULT = 30_000;

    private final Supplier<NetworkParameters> parameters;
    private NetworkParameters voted = NetworkParameters.NONE;
    private ClientRules clients;
    private int queueCellsMax;
    private int queueCellsOutMax;
    private int queueHighCells;
    private int queueLowCells;
    private long halfLifeNanos;

    LinkRules(Supplier<NetworkParameters> parameters) {
        this.parameters = parameters;
        this.clients = ClientRules.of(voted::get);
        read();
    }

    /// Looks whether there is a new consensus.
    void follow() {
        NetworkParameters now = parameters.get();
        if (now != voted) {
            voted = now;
            clients = ClientRules.of(now::get);
            read();
        }
    }

    private void read() {
        queueCellsMax = voted.get("circ_max_cell_queue_size", QUEUE_CELLS_MIN, Integer.MAX_VALUE, QUEUE_CELLS_DEFAULT);
        queueCellsOutMax = voted.get("circ_max_cell_queue_size_out", QUEUE_CELLS_MIN, Integer.MAX_VALUE, queueCellsMax);
        queueHighCells = voted.get("cellq_high", 1, QUEUE_MARK_CELLS_MAX, CircuitPort.QUEUE_HIGH_CELLS);
        queueLowCells = voted.get("cellq_low", 1, QUEUE_MARK_CELLS_MAX, CircuitPort.QUEUE_LOW_CELLS);
        halfLifeNanos = TimeUnit.MILLISECONDS.toNanos(
                voted.get("CircuitPriorityHalflifeMsec", 1, Integer.MAX_VALUE, HALF_LIFE_MILLIS_DEFAULT));
    }

    /// What an address of clients may do, by the consensus of this moment.
    ClientRules clients() {
        follow();
        return clients;
    }

    /// The parameter `circ_max_cell_queue_size`, or toward the next hop `circ_max_cell_queue_size_out`.
    int queueCellsMax(boolean towardNextHop) {
        return towardNextHop ? queueCellsOutMax : queueCellsMax;
    }

    /// The parameter `cellq_high`.
    int queueHighCells() {
        return queueHighCells;
    }

    /// The parameter `cellq_low`.
    int queueLowCells() {
        return queueLowCells;
    }

    /// The parameter `CircuitPriorityHalflifeMsec`.
    long halfLifeNanos() {
        return halfLifeNanos;
    }

    /// What each link whose peer the consensus does not list has for itself, where the relay's own rates
    /// do not say it.
    Rate connectionRate(BandwidthRates rates) {
        long bytesPerSecond = rates.connectionBytesPerSecond();
        long burstBytes = rates.connectionBurstBytes();
        return new Rate(
                bytesPerSecond > 0
                        ? bytesPerSecond
                        : voted("perconnbwrate", rates.all().bytesPerSecond()),
                burstBytes > 0
                        ? burstBytes
                        : voted("perconnbwburst", rates.all().burstBytes()));
    }

    private int voted(String parameter, long otherwise) {
        return voted.get(parameter, 1, Integer.MAX_VALUE, (int) otherwise);
    }
}
