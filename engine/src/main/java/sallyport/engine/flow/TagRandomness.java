package sallyport.engine.flow;

import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.world.Entropy;

/// Keeps SENDME tags unpredictable to a client that does not read (proposal 289): within every 50 to 99 DATA cells
/// at least one carries 16 random bytes of padding. A short cell does so by itself; where none was, one is cut short.
public final class TagRandomness {
    // Specification: half of the SENDME increment, and as much again at random.
    private static final int EVERY_CELLS_MIN = DeliverWindow.FIXED_INCREMENT_CELLS / 2;
    private static final int RANDOM_BYTES_MIN = 16;

    private final Entropy entropy;
    private final int dataMax;
    private final int shortDataMax;
    private int cellsLeft;
    private boolean done;

    /// @param format of the circuit's cells
    public TagRandomness(Entropy entropy, RelayCellFormat format) {
        this.entropy = entropy;
        dataMax = format.dataMax(RelayCommand.DATA);
        shortDataMax = dataMax - RelayCellFormat.PADDING_GAP - RANDOM_BYTES_MIN;
        restart();
        // As after every other start: the cell that begins a stretch is one of it.
        cellsLeft--;
    }

    /// How many of `available` bytes (at least 1) the next DATA cell takes. The caller will send that cell.
    public int take(int available) {
        boolean forced = cellsLeft == 0 && !done;
        int length = Math.min(available, forced ? shortDataMax : dataMax);
        done |= length <= shortDataMax;
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
