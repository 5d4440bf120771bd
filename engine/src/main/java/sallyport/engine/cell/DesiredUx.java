package sallyport.engine.cell;

import org.jspecify.annotations.Nullable;

/// What the sender of CONFLUX_LINK or CONFLUX_LINKED wants its peer to send for (proposal 329,
/// "desired_ux").
public enum DesiredUx {
    NO_OPINION(0),
    MIN_LATENCY(1),
    LOW_MEM_LATENCY(2),
    HIGH_THROUGHPUT(3),
    LOW_MEM_THROUGHPUT(4);

    private final int code;

    DesiredUx(int code) {
        this.code = code;
    }

    /// The byte on the wire.
    public int code() {
        return code;
    }

    /// Null: nobody knows that wish.
    static @Nullable DesiredUx of(int code) {
        for (DesiredUx ux : values()) {
            if (ux.code == code) {
                return ux;
            }
        }
        return null;
    }
}
