package sallyport.engine.cell;

import java.util.ArrayDeque;

/// The cells of one event loop. Only that loop touches it, so there are no locks.
/// Empty cells beyond [#IDLE_CELLS_MAX] are left to the collector.
public final class CellPool {
    // Ours: 4,096 empty cells are 2.3 MB a loop; a burst of every circuit's window comes back without allocating.
    static final int IDLE_CELLS_MAX = 4096;

    private final ArrayDeque<Cell> idle = new ArrayDeque<>();
    private int outstanding;

    /// A cell with undefined content; the caller holds it.
    public Cell acquire() {
        Cell cell = idle.pollLast();
        if (cell == null) {
            cell = new Cell(this);
        }
        cell.held = true;
        outstanding++;
        return cell;
    }

    /// Cells held by anyone; zero when all work is done (tests end with it).
    public int outstanding() {
        return outstanding;
    }

    void take(Cell cell) {
        if (!cell.held) {
            throw new IllegalStateException("cell released twice");
        }
        cell.held = false;
        cell.next = null;
        outstanding--;
        if (idle.size() < IDLE_CELLS_MAX) {
            idle.addLast(cell);
        }
    }
}
