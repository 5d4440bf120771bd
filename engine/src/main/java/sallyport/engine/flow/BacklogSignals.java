package sallyport.engine.flow;

/// Decides when to tell a client that the server behind one of its streams takes too little, or takes again,
/// and how fast (proposal 324, sections 4.1 and 4.2). Fed with what happens to the bytes that we owe the
/// server.
///
/// It never refuses data: a client that ignores XOFF is a matter of memory, not of this class.
public final class BacklogSignals {
    /// What the client is to be told now.
    public enum Signal {
        NOTHING,
        XOFF,
        /// With [#rateKbps].
        XON
    }

    // C tor: gives the loop a chance to hand a burst to the system before it counts.
    private static final long GRACE_MICROS = 5000;
    // C tor: as many cells arrive at most before its loop writes again; more than that does not drain by
    // itself.
    private static final int BURST_BYTES = 32 * 488;
    private static final long RATE_MAX = Integer.MAX_VALUE;
    private static final long NEVER = Long.MIN_VALUE;

    private final StreamSignalParameters parameters;
    private boolean xoffSent;
    private long graceFromMicros = NEVER;

    private long drainFromMicros = NEVER;
    private long drainedBytes;
    private long measuredBytes;
    private long rateKbps;
    private long toldKbps;

    public BacklogSignals(StreamSignalParameters parameters) {
        this.parameters = parameters;
    }

    /// Bytes of the client joined what we owe the server, which is `owedBytes` now.
    public Signal queued(long owedBytes, long nowMicros) {
        boolean xoff = considerXoff(owedBytes, nowMicros);
        Signal also = owedBytes > BURST_BYTES ? considerXon(0, owedBytes, nowMicros) : Signal.NOTHING;
        return xoff ? Signal.XOFF : also;
    }

    /// The server's system took bytes; we owe it `owedBytes` now.
    public Signal drained(int bytes, long owedBytes, long nowMicros) {
        return considerXon(bytes, owedBytes, nowMicros);
    }

    /// The average rate of the server while bytes waited for it, in 1000 bytes a second; 0: not known.
    public int rateKbps() {
        return (int) rateKbps;
    }

    private boolean considerXoff(long owedBytes, long nowMicros) {
        if (owedBytes <= parameters.xoffBytes()) {
            graceFromMicros = NEVER;
        } else if (!xoffSent && graceFromMicros == NEVER) {
            graceFromMicros = nowMicros;
        } else if (!xoffSent && nowMicros > graceFromMicros + GRACE_MICROS) {
            graceFromMicros = NEVER;
            xoffSent = true;
            // Whatever was measured before was too much.
            rateKbps = 0;
            return true;
        }
        return false;
    }

    private Signal considerXon(int bytes, long owedBytes, long nowMicros) {
        drainedBytes += bytes;
        if (drainFromMicros == NEVER && owedBytes > 0) {
            drainFromMicros = nowMicros;
            drainedBytes = 0;
        }
        if (drainFromMicros != NEVER && drainedBytes > parameters.rateBytes()) {
            measure(nowMicros - drainFromMicros);
        }
        boolean tell = xoffSent ? owedBytes == 0 : hasRateChanged();
        if (tell) {
            xoffSent = false;
            toldKbps = rateKbps;
        }
        if (owedBytes == 0) {
            drainFromMicros = NEVER;
            doubleRate();
        }
        return tell ? Signal.XON : Signal.NOTHING;
    }

    private void measure(long micros) {
        if (micros <= 0) {
            return;
        }
        // C tor divides what drained in the period before by the time of this one, and so do we.
        long bytes = measuredBytes == 0 ? drainedBytes : measuredBytes;
        long kbps = Math.clamp(bytes * 1000 / micros, 1, RATE_MAX);
        measuredBytes = drainedBytes;
        rateKbps = Ewma.next(kbps, rateKbps, parameters.averageOf());
        drainedBytes = 0;
        drainFromMicros = NEVER;
    }

    private boolean hasRateChanged() {
        return toldKbps != 0
                && (rateKbps > (100 + parameters.changePercent()) * toldKbps / 100
                        || rateKbps < (100 - parameters.changePercent()) * toldKbps / 100);
    }

    /// A server that took so much without anything waiting takes more than we know.
    private void doubleRate() {
        if (drainedBytes >= parameters.rateBytes() && toldKbps != 0) {
            rateKbps = Math.min(RATE_MAX, 2 * rateKbps);
            measuredBytes = drainedBytes;
            drainedBytes = 0;
        }
    }
}
