package sallyport.engine.flow;

import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.SendmeBody;

/// The window of a circuit whose client asked for congestion control (proposal 324): [Vegas] decides its
/// size.
public final class CongestionWindow implements PackageWindow {
    private final AwaitedTags tags = new AwaitedTags();
    private final Vegas vegas;
    private final int increment;
    private int sent;

    /// @param increment cells that one SENDME acknowledges, as we told the client: 1 to 254
    public CongestionWindow(VegasParameters parameters, int increment) {
        this.vegas = new Vegas(parameters, increment);
        this.increment = increment;
    }

    @Override
    public boolean isOpen() {
        return vegas.isOpen() && tags.hasRoom();
    }

    @Override
    public boolean dataSent() {
        if (!isOpen()) {
            throw new IllegalStateException("DATA sent beyond the congestion window");
        }
        vegas.sent();
        sent = (sent + 1) % increment;
        return sent == 0;
    }

    @Override
    public void await(byte[] tag, long nowMicros) {
        tags.add(tag, nowMicros);
    }

    @Override
    public void sendme(SendmeBody body, long nowMicros, boolean queueBlocked, int queuedCells)
            throws ProtocolViolation {
        long sentMicros = tags.take(body);
        vegas.acknowledged(nowMicros - sentMicros, queueBlocked, queuedCells);
    }

    /// Whether so much is under way that the client owes a SENDME.
    public boolean awaitsSendme() {
        return vegas.inflight() >= increment;
    }

    /// The average round trip, in microseconds; 0: not measured yet.
    public long roundTripMicros() {
        return vegas.roundTrip().averageMicros();
    }

    Vegas vegas() {
        return vegas;
    }

    AwaitedTags tags() {
        return tags;
    }
}
