package sallyport.engine.conflux;

import io.netty.util.concurrent.Ticker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;

/// Messages that came before one that precedes them: a heap with the lowest sequence number on top (C tor's
/// out-of-order queue). Each lies in a cell of the loop's pool, laid out as format v0 whatever its leg's
/// format is, and counts in the instance's memory account.
final class EarlyMessages {
    /// What one costs: its cell and its place in the heap.
    static final int CHARGED_BYTES = Cell.CHARGED_BYTES + 2 * Long.BYTES;

    private static final int START = 16;

    private final CellPool pool;
    private final MemoryAccount memory;
    private final Ticker ticker;
    private @Nullable Cell[] cells = new Cell[START];
    private long[] sequences = new long[START];
    private int size;

    EarlyMessages(CellPool pool, MemoryAccount memory, Ticker ticker) {
        this.pool = pool;
        this.memory = memory;
        this.ticker = ticker;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long bytes() {
        return (long) size * CHARGED_BYTES;
    }

    /// Copies the message.
    ///
    /// @param length at most [RelayCell#DATA_MAX]
    void add(long sequence, int relayCommand, int streamId, byte[] array, int offset, int length) {
        if (size == cells.length) {
            cells = Arrays.copyOf(cells, 2 * size);
            sequences = Arrays.copyOf(sequences, 2 * size);
        }
        Cell cell = pool.acquire();
        cell.queuedNanos = ticker.nanoTime();
        RelayCell.header(cell, relayCommand, streamId, length);
        cell.putBytes(RelayCell.DATA, array, offset, length);
        memory.add(MemoryKind.CONFLUX, CHARGED_BYTES);
        rise(size++, cell, sequence);
    }

    /// The lowest sequence number that waits. Only while not empty.
    long firstSequence() {
        return sequences[0];
    }

    /// Takes the message of the lowest sequence number; the caller holds the cell. Only while not empty.
    Cell poll() {
        Cell first = at(0);
        Cell last = at(--size);
        cells[size] = null;
        if (size > 0) {
            sink(last, sequences[size]);
        }
        memory.add(MemoryKind.CONFLUX, -CHARGED_BYTES);
        return first;
    }

    /// Drops all of them.
    void clear() {
        for (int i = 0; i < size; i++) {
            at(i).release();
        }
        memory.add(MemoryKind.CONFLUX, -bytes());
        size = 0;
        cells = new Cell[START];
        sequences = new long[START];
    }

    /// When the one that waits longest came, in ticker nanoseconds; null where none waits. Looks at all
    /// of them.
    @Nullable
    Long oldestNanos() {
        Long oldest = null;
        for (int i = 0; i < size; i++) {
            long one = at(i).queuedNanos;
            if (oldest == null || one - oldest < 0) {
                oldest = one;
            }
        }
        return oldest;
    }

    private void rise(int from, Cell cell, long sequence) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / 2;
            if (Long.compareUnsigned(sequences[parent], sequence) <= 0) {
                break;
            }
            cells[place] = cells[parent];
            sequences[place] = sequences[parent];
            place = parent;
        }
        cells[place] = cell;
        sequences[place] = sequence;
    }

    private void sink(Cell cell, long sequence) {
        int place = 0;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && Long.compareUnsigned(sequences[child + 1], sequences[child]) < 0) {
                child++;
            }
            if (Long.compareUnsigned(sequence, sequences[child]) <= 0) {
                break;
            }
            cells[place] = cells[child];
            sequences[place] = sequences[child];
            place = child;
        }
        cells[place] = cell;
        sequences[place] = sequence;
    }

    private Cell at(int place) {
        Cell cell = cells[place];
        if (cell == null) {
            throw new IllegalStateException("no message there");
        }
        return cell;
    }
}
