package sallyport.engine.flow;

import io.netty.util.concurrent.Ticker;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.XonBody;

/// XON and XOFF of one stream, those we send and those we get (proposal 324, section 4).
///
/// DATA is accepted after XOFF, since as much as a congestion window may be on its way. As in C tor it is
/// the process's memory limit that ends clients who go on ([sallyport.engine.limits.MemoryBudget]);
/// [#OWED_MAX_BYTES] stands before it.
public final class StreamSignals implements StreamFlow {
    // Ours, C tor has none: who heeds XOFF has at most a window of some thousand cells on its way.
    public static final int OWED_MAX_BYTES = 64 << 20;
    private static final long NANOS_PER_MICRO = 1000;

    private final MessageSender sender;
    private final int id;
    private final Ticker ticker;
    private final BacklogSignals backlog;
    private final ReadRate rate = new ReadRate();
    private boolean stopped;

    /// @param sender toward the other end
    public StreamSignals(MessageSender sender, int id, StreamSignalParameters parameters, Ticker ticker) {
        this.sender = sender;
        this.id = id;
        this.ticker = ticker;
        this.backlog = new BacklogSignals(parameters);
    }

    @Override
    public boolean mayPackage() {
        return !stopped;
    }

    @Override
    public void packaged(int bytes) {
        rate.took(bytes);
    }

    @Override
    public void dataReceived() {}

    @Override
    public void queued(int owedBytes, boolean connected) throws ProtocolViolation {
        if (owedBytes > OWED_MAX_BYTES) {
            throw ProtocolViolation.circuit(DestroyReason.RESOURCELIMIT, "DATA without end after XOFF");
        }
        tell(backlog.queued(owedBytes, nowMicros()));
    }

    @Override
    public void opened(int owedBytes) {}

    @Override
    public void written(int bytes, int owedBytes) {
        tell(backlog.drained(bytes, owedBytes, nowMicros()));
    }

    @Override
    public void sendmeReceived() throws ProtocolViolation {
        throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "stream SENDME under congestion control");
    }

    @Override
    public long readWaitMicros() {
        return rate.waitMicros(nowMicros());
    }

    /// The other end takes no more.
    ///
    /// @return false where it had said so already
    public boolean xoffReceived() {
        boolean news = !stopped;
        stopped = true;
        return news;
    }

    /// The other end takes so much again.
    public void xonReceived(XonBody body) {
        stopped = false;
        rate.set(body.kbps(), nowMicros());
    }

    private void tell(BacklogSignals.Signal signal) {
        switch (signal) {
            case NOTHING -> {}
            case XOFF -> sender.send(id, RelayCommand.XOFF, XonBody.xoff());
            case XON -> sender.send(id, RelayCommand.XON, new XonBody(backlog.rateKbps()).encode());
        }
    }

    private long nowMicros() {
        return ticker.nanoTime() / NANOS_PER_MICRO;
    }
}
