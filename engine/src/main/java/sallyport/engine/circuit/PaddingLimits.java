package sallyport.engine.circuit;

import java.util.function.Supplier;
import sallyport.engine.netdoc.NetworkParameters;

/// How much the padding machines of one instance may send, by the consensus' `circpad_` parameters, and the counts of
/// all circuits that this is measured by. C tor counts for its process, which is one relay. On the instance's loop.
final class PaddingLimits {
    private static final int PERCENT = 100;
    private static final int ALLOWED_CELLS_MAX = 65_534;
    private static final int QUEUED_CELLS_DEFAULT = 1_000;
    private static final int QUEUED_CELLS_MAX = 50_000;

    private final Supplier<NetworkParameters> parameters;
    private long paddingSent;
    private long othersSent;

    PaddingLimits(Supplier<NetworkParameters> parameters) {
        this.parameters = parameters;
    }

    void paddingSent() {
        paddingSent++;
    }

    /// A relay cell that is no padding went toward a client, ours or passed on.
    void otherSent() {
        othersSent++;
    }

    /// Whether no machine may decide to pad now.
    boolean isReached() {
        NetworkParameters now = parameters.get();
        if (now.get("circpad_padding_disabled", 0, 1, 0) == 1) {
            return true;
        }
        int percentMax = now.get("circpad_global_max_padding_pct", 0, PERCENT, 0);
        int allowed = now.get("circpad_global_allowed_cells", 0, ALLOWED_CELLS_MAX, 0);
        return percentMax > 0 && paddingSent >= allowed && isMore(paddingSent, othersSent, percentMax);
    }

    /// Cells toward the client that may wait when one of padding joins them.
    int queuedCellsMax() {
        return parameters.get().get("circpad_max_circ_queued_cells", 0, QUEUED_CELLS_MAX, QUEUED_CELLS_DEFAULT);
    }

    /// Whether padding makes up more than this share of all cells, in whole percent.
    static boolean isMore(long padding, long others, int percent) {
        return padding > 0 && PERCENT * padding / (padding + others) > percent;
    }
}
