package sallyport.engine.flow;

import sallyport.engine.netdoc.NetworkParameters;

/// What the authorities voted on congestion control toward a client (proposal 324, section 6.5), as it was
/// when the circuit needed it first. Windows, thresholds and steps are in cells.
///
/// @param windowInit `cc_cwnd_init`
/// @param windowMin `cc_cwnd_min`
/// @param windowMax `cc_cwnd_max`
/// @param step `cc_cwnd_inc`: what one steady update adds or takes
/// @param stepsPerWindow `cc_cwnd_inc_rate`: steady updates per window
/// @param slowStartPercent `cc_cwnd_inc_pct_ss`: what slow start adds, in percent of a SENDME's cells
/// @param averagePercent `cc_ewma_cwnd_pct`: RTTs to average after slow start, in percent of the
///     acknowledgements between two updates
/// @param averageMax `cc_ewma_max`: the most RTTs to average after slow start
/// @param averageSlowStart `cc_ewma_ss`: RTTs to average during slow start
/// @param minRttResetPercent `cc_rtt_reset_pct`: weight of the larger RTT where the least one is raised
/// @param fullGap `cc_cwnd_full_gap`: a window is full that lacks no more than so many SENDMEs
/// @param fullMinPercent `cc_cwnd_full_minpct`: a window used less than that is not full
/// @param fullPerWindow `cc_cwnd_full_per_cwnd`: fullness is forgotten once per window, not once per update
/// @param alpha a shorter queue lets a full window grow
/// @param beta a longer queue lets the window shrink
/// @param gamma a queue as long ends slow start
/// @param delta a longer queue cuts the window
/// @param slowStartCap `cc_sscap_exit`: beyond this window slow start grows ever more slowly
/// @param slowStartMax `cc_ss_max`: at this window it ends
public record VegasParameters(
        int windowInit,
        int windowMin,
        int windowMax,
        int step,
        int stepsPerWindow,
        int slowStartPercent,
        int averagePercent,
        int averageMax,
        int averageSlowStart,
        int minRttResetPercent,
        int fullGap,
        int fullMinPercent,
        boolean fullPerWindow,
        int alpha,
        int beta,
        int gamma,
        int delta,
        int slowStartCap,
        int slowStartMax) {
    private static final int MAX = Integer.MAX_VALUE;
    // C tor counts in TLS records of 31 cells; its queues toward the network hold two of them at each hop.
    private static final int RECORD_CELLS = 31;
    private static final int OUTBUF_CELLS = 2 * RECORD_CELLS;
    private static final int WINDOW_CELLS = 4 * RECORD_CELLS;

    /// The numbers for a circuit that ends at an exit, each within its bounds.
    public static VegasParameters ofExit(NetworkParameters voted) {
        return new VegasParameters(
                voted.get("cc_cwnd_init", RECORD_CELLS, 10_000, WINDOW_CELLS),
                voted.get("cc_cwnd_min", RECORD_CELLS, 1000, WINDOW_CELLS),
                voted.get("cc_cwnd_max", 500, MAX, MAX),
                voted.get("cc_cwnd_inc", 1, 1000, 1),
                voted.get("cc_cwnd_inc_rate", 1, 250, RECORD_CELLS),
                voted.get("cc_cwnd_inc_pct_ss", 1, 500, 100),
                voted.get("cc_ewma_cwnd_pct", 1, 255, 50),
                voted.get("cc_ewma_max", 2, MAX, 10),
                voted.get("cc_ewma_ss", 2, MAX, 2),
                voted.get("cc_rtt_reset_pct", 0, 100, 100),
                voted.get("cc_cwnd_full_gap", 0, Short.MAX_VALUE, 4),
                voted.get("cc_cwnd_full_minpct", 0, 100, 25),
                voted.get("cc_cwnd_full_per_cwnd", 0, 1, 1) != 0,
                voted.get("cc_vegas_alpha_exit", 0, 1000, 3 * OUTBUF_CELLS),
                voted.get("cc_vegas_beta_exit", 0, 1000, 4 * OUTBUF_CELLS),
                voted.get("cc_vegas_gamma_exit", 0, 1000, 3 * OUTBUF_CELLS),
                voted.get("cc_vegas_delta_exit", 0, MAX, 5 * OUTBUF_CELLS),
                voted.get("cc_sscap_exit", 100, MAX, 600),
                voted.get("cc_ss_max", 500, MAX, 5000));
    }
}
