package sallyport.engine.flow;

import sallyport.engine.cell.RelayCell;
import sallyport.engine.netdoc.NetworkParameters;

/// What the authorities voted on XON and XOFF (proposal 324, section 6.5.4), as it was when the circuit
/// needed it first.
///
/// @param xoffBytes `cc_xoff_exit` or `cc_xoff_client`: more than that owed to a server, or to an application,
///     asks the other end to stop
/// @param rateBytes `cc_xon_rate`: bytes over which the rate of a server is measured
/// @param changePercent `cc_xon_change_pct`: a rate that changed by more is told to the client
/// @param averageOf `cc_xon_ewma_cnt`: measurements to average
public record StreamSignalParameters(int xoffBytes, int rateBytes, int changePercent, int averageOf) {
    // C tor multiplies by the data of the smallest cell it knows, that of counter galois onion with a stream
    // id.
    private static final int SMALLEST_CELL_BYTES = 488;

    /// For the exit's end of a stream.
    public static StreamSignalParameters of(NetworkParameters voted) {
        return of(voted, "cc_xoff_exit");
    }

    /// For the client's end of a stream.
    public static StreamSignalParameters ofClient(NetworkParameters voted) {
        return of(voted, "cc_xoff_client");
    }

    private static StreamSignalParameters of(NetworkParameters voted, String xoff) {
        return new StreamSignalParameters(
                voted.get(xoff, 1, 10_000, 500) * SMALLEST_CELL_BYTES,
                voted.get("cc_xon_rate", 1, 5000, 500) * RelayCell.DATA_MAX,
                voted.get("cc_xon_change_pct", 1, 99, 25),
                voted.get("cc_xon_ewma_cnt", 2, 100, 2));
    }
}
