package sallyport.engine.flow;

import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.SendmeBody;

/// Tor's first flow control: at most 1000 cells under way, 100 acknowledged at a time.
public final class FixedWindow implements PackageWindow {
    /// Bounds and default of the parameter `circwindow`, cells.
    public static final int START_CELLS_MIN = 100;

    public static final int START_CELLS_MAX = 1000;

    private final AwaitedTags tags = new AwaitedTags();
    private int cells;
    private int sent;

    /// @param startCells the parameter `circwindow`, within its bounds
    public FixedWindow(int startCells) {
        this.cells = startCells;
    }

    @Override
    public boolean isOpen() {
        return cells > 0;
    }

    @Override
    public boolean dataSent() {
        if (--cells < 0) {
            throw new IllegalStateException("DATA sent beyond the window");
        }
        sent = (sent + 1) % DeliverWindow.FIXED_INCREMENT_CELLS;
        return sent == 0;
    }

    @Override
    public void await(byte[] tag, long nowMicros) {
        tags.add(tag, nowMicros);
    }

    @Override
    public void sendme(SendmeBody body, long nowMicros, boolean queueBlocked, int queuedCells)
            throws ProtocolViolation {
        tags.take(body);
        if (cells + DeliverWindow.FIXED_INCREMENT_CELLS > START_CELLS_MAX) {
            throw AwaitedTags.violation("SENDME beyond the circuit window");
        }
        cells += DeliverWindow.FIXED_INCREMENT_CELLS;
    }
}
