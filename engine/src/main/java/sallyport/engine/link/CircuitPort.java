package sallyport.engine.link;

import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Tally;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;

/// One circuit's place on one link: its id and the cells it wants to send, oldest first. Every method runs
/// on the link's loop. Once detached, by either side, a port stays detached; what is sent through it then is
/// released.
public final class CircuitPort {
    /// Cells in the queue from which on whoever fills it should pause, where nothing was voted on
    /// `cellq_high`.
    public static final int QUEUE_HIGH_CELLS = 256;
    /// Cells in the queue at which it may go on, where nothing was voted on `cellq_low`.
    public static final int QUEUE_LOW_CELLS = 10;

    private enum State {
        ATTACHED,
        /// The queue passed its limit; the receiver has yet to be told.
        OVERFLOWED,
        /// The link closed; the receiver has yet to be told.
        LINK_LOST,
        DETACHED
    }

    private final Link link;
    private final int circuitId;
    private final CellReceiver receiver;
    private final boolean towardNextHop;
    private State state = State.ATTACHED;

    private @Nullable Cell oldest;
    private @Nullable Cell newest;
    private int queuedCells;
    private boolean full;
    private long newestNanos;
    private long waitedNanos;
    private long waitedCells;

    // Both belong to the scheduler: cells sent lately, and the place in its heap (-1: not in it).
    double recentCells;
    int heapIndex = -1;

    /// @param towardNextHop whether we chose the id: the queue holds forward cells
    CircuitPort(Link link, int circuitId, CellReceiver receiver, boolean towardNextHop) {
        this.link = link;
        this.circuitId = circuitId;
        this.receiver = receiver;
        this.towardNextHop = towardNextHop;
        this.newestNanos = link.turnNanos();
    }

    public Link link() {
        return link;
    }

    public int circuitId() {
        return circuitId;
    }

    /// Takes the cell, writes the circuit id into it and queues it; it leaves when its turn comes, at the earliest
    /// when the loop's turn ends. A queue over `circ_max_cell_queue_size`, or toward the next hop over
    /// `circ_max_cell_queue_size_out`, destroys the circuit on this link; the receiver hears of it once the
    /// turn is over.
    public void send(Cell cell) {
        if (state != State.ATTACHED) {
            cell.release();
            return;
        }
        if (queuedCells >= link.rules().queueCellsMax(towardNextHop)) {
            cell.release();
            overflow();
            return;
        }
        cell.circuitId(circuitId);
        newestNanos = link.turnNanos();
        cell.queuedNanos = newestNanos;
        cell.next = null;
        if (newest == null) {
            oldest = cell;
        } else {
            newest.next = cell;
        }
        newest = cell;
        queuedCells++;
        if (queuedCells >= link.rules().queueHighCells()) {
            full = true;
        }
        link.scheduler().onQueued(this);
    }

    public int queuedCells() {
        return queuedCells;
    }

    /// Whether who fills the queue should pause: it reached its high mark and has not fallen to the low one
    /// since.
    public boolean isFull() {
        return full;
    }

    /// When the newest cell was queued, in ticker nanoseconds; before the first, when the port was made.
    public long newestNanos() {
        return newestNanos;
    }

    /// How long the cells waited that left the queue, all together; counted only while somebody wants to know.
    public long waitedNanos() {
        return waitedNanos;
    }

    /// How many they were.
    public long waitedCells() {
        return waitedCells;
    }

    /// Counts their waits anew.
    public void forgetWaits() {
        waitedNanos = 0;
        waitedCells = 0;
    }

    void countWait(long nanos) {
        waitedNanos += nanos;
        waitedCells++;
    }

    /// When the oldest cell of the queue joined it, in ticker nanoseconds. Only while the queue is not empty.
    public long oldestQueuedNanos() {
        if (oldest == null) {
            throw new IllegalStateException("empty queue");
        }
        return oldest.queuedNanos;
    }

    public boolean isAttached() {
        return state == State.ATTACHED;
    }

    /// Ends the circuit on this link: drops what is queued, sends DESTROY. The receiver hears nothing more.
    public void destroy(DestroyReason reason) {
        boolean tell = state == State.ATTACHED;
        detach();
        if (tell) {
            link.sendDestroy(circuitId, reason);
        }
    }

    /// Ends it without telling the peer. The receiver hears nothing more.
    public void detach() {
        if (state == State.ATTACHED) {
            link.circuits().remove(this);
        }
        state = State.DETACHED;
        dropQueue();
    }

    CellReceiver receiver() {
        return receiver;
    }

    /// The oldest cell; the caller holds it. Only while the queue is not empty.
    Cell poll() {
        Cell cell = oldest;
        if (cell == null) {
            throw new IllegalStateException("empty queue");
        }
        oldest = cell.next;
        if (oldest == null) {
            newest = null;
        }
        cell.next = null;
        queuedCells--;
        return cell;
    }

    /// Whether the queue has just fallen to its low mark; true once per fall.
    boolean fellLow() {
        if (full && queuedCells <= link.rules().queueLowCells()) {
            full = false;
            return true;
        }
        return false;
    }

    /// The link closed and has taken the port out of its table. No receiver is told before all ports know it: one of
    /// them may end others, with which it is joined.
    void onLinkLost() {
        state = State.LINK_LOST;
        dropQueue();
    }

    /// After [#onLinkLost]; nothing happens where the receiver has let go of the port since.
    void tellLinkLost() {
        if (state == State.LINK_LOST) {
            state = State.DETACHED;
            receiver.onLinkClosed();
        }
    }

    private void overflow() {
        link.tally(towardNextHop ? Tally.OUT_QUEUE_FULL : Tally.QUEUE_FULL);
        link.circuits().remove(this);
        state = State.OVERFLOWED;
        dropQueue();
        link.sendDestroy(circuitId, DestroyReason.RESOURCELIMIT);
        link.onQueueOverflow(() -> {
            if (state == State.OVERFLOWED) {
                state = State.DETACHED;
                receiver.onQueueOverflow();
            }
        });
    }

    private void dropQueue() {
        link.scheduler().forget(this);
        for (Cell cell = oldest; cell != null; ) {
            Cell next = cell.next;
            cell.release();
            cell = next;
        }
        oldest = null;
        newest = null;
        queuedCells = 0;
    }
}
