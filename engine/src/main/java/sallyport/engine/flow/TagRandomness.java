package sallyport.engine.flow;

import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.world.Entropy;

/// Keeps SENDME tags unpredictable to a client that does not read (proposal 289): within every 50 to 99 DATA cells
/// at least one carries 16 random bytes of padding. A short cell does so by itself; where none was, one is cut short.
public final class TagRandomness {
    // Specification: half of the SENDME increment, and as much again at random.
    private static final int EVERY_CELLS_MIN = DeliverWindow.FIXED_INCREMENT_CELLS / 2;
    private static final int RANDOM_BYTES_MIN = 16;
    private static final int SHORT_DATA_MAX = RelayCell.DATA_MAX - RelayCellFormat.PADDING_GAP - RANDOM_BYTES_MIN;

    private final Entropy entropy;
    private int cellsLeft;
    private boolean done;

    public TagRandomness(Entropy entropy) {
        this.entropy = entropy;
        restart();
    }

    /// How many of `available` bytes (at least 1) the next DATA cell takes. The caller will send that cell.
    public int take(int available) {
        boolean forced = cellsLeft == 0 && !done;
        int length = Math.min(available, forced ? SHORT_DATA_MAX : RelayCell.DATA_MAX);
        done |= length <= SHORT_DATA_MAX;
        if (cellsLeft == 0) {
            restart();
        }
        cellsLeft--;
        return length;
    }

    private void restart() {
        done = false;
        cellsLeft = EVERY_CELLS_MIN + (int) entropy.jitter(EVERY_CELLS_MIN);
    }
}
