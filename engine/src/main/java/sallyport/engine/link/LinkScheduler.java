package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.Arrays;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.MemoryKind;

/// Decides which cell of a link leaves next and writes as many as the socket takes, once per loop turn.
///
/// The circuit that has sent least of late goes first (the idea of C tor's `circuitmux_ewma`): every cell sent adds
/// to the circuit's sum, and sums lose half their weight per half-life. Instead of shrinking all sums, what is
/// added grows with time, which orders them the same; circuits with something to send lie in a binary heap.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class LinkScheduler {
    /// A TLS record of full size holds this many cells of 514 bytes (15,934 of 16,384 bytes).
    static final int RECORD_CELLS = 31;
    // C tor's orconn_high and orconn_low: more waits in our queues, where it can be reordered and counted.
    static final int WRITE_HIGH_BYTES = 32_768;
    static final int WRITE_LOW_BYTES = 16_384;
    // Ours: two records in the kernel beyond what is on its way keep the link busy while our loop turns once.
    static final int UNSENT_LOW_BYTES = 32_768;
    // Ours: 16 records are 250 kB and some 80 us of copying and sealing; then the other links of the loop have a
    // turn.
    static final int TURN_RECORDS_MAX = 16;
    // Ours: every circuit of a busy link may end while the peer does not read; more means that it never reads.
    static final int WAITING_DESTROYS_MAX = 65_536;
    // Ours: far from where a double would lose the single cell (2^52), and seldom: every hour at the default
    // half-life.
    static final double CELL_WEIGHT_MAX = 0x1p40;

    private final Link link;
    private final Channel channel;
    private final Runnable drain = this::drainTurn;
    private boolean drainRequested;
    private boolean draining;

    private CircuitPort[] heap = new CircuitPort[8];
    private int heapSize;
    private int queuedCells;
    private double cellWeight = 1;
    private long weightNanos;

    private final DestroyQueue destroys = new DestroyQueue();
    private boolean destroyWentLast;
    private boolean paddingDue;
    private int circuitIdBytes = 4;

    LinkScheduler(Link link, Channel channel) {
        this.link = link;
        this.channel = channel;
        this.weightNanos = link.turnNanos();
    }

    void circuitIdBytes(int bytes) {
        circuitIdBytes = bytes;
    }

    /// Cells of all circuits that wait.
    int queuedCells() {
        return queuedCells;
    }

    boolean hasWork() {
        return heapSize > 0 || !destroys.isEmpty() || paddingDue;
    }

    /// Whether anything waits, here or at the socket.
    boolean isBusy() {
        ChannelOutboundBuffer atSocket = channel.unsafe().outboundBuffer();
        return hasWork() || (atSocket != null && atSocket.totalPendingWriteBytes() > 0);
    }

    /// A port has got one more cell.
    void onQueued(CircuitPort port) {
        queuedCells++;
        link.memory().add(MemoryKind.CELLS, Cell.CHARGED_BYTES);
        if (port.heapIndex < 0) {
            if (heapSize == heap.length) {
                heap = Arrays.copyOf(heap, heapSize * 2);
            }
            siftUp(heapSize++, port);
        }
        requestDrain();
    }

    /// A port is about to drop its queue.
    void forget(CircuitPort port) {
        queuedCells -= port.queuedCells();
        link.memory().add(MemoryKind.CELLS, -(long) port.queuedCells() * Cell.CHARGED_BYTES);
        if (port.heapIndex >= 0) {
            removeAt(port.heapIndex);
        }
    }

    /// DESTROY cells that wait.
    int waitingDestroys() {
        return destroys.size();
    }

    /// Queues a DESTROY; its id stays reserved until it has been written.
    void destroy(int circuitId, DestroyReason reason) {
        destroys.add(circuitId, reason.code());
        requestDrain();
    }

    /// Lets a PADDING cell leave when nothing else has to.
    void pad() {
        paddingDue = true;
        requestDrain();
    }

    void onWritable() {
        if (hasWork()) {
            requestDrain();
        }
    }

    private void requestDrain() {
        if (!drainRequested && !draining && channel.isWritable()) {
            drainRequested = true;
            link.afterTurn(drain);
        }
    }

    /// Writes at once all that the socket takes: the link is about to close, and there is no next turn.
    void drainNow() {
        drain(Integer.MAX_VALUE);
    }

    private void drainTurn() {
        drain(TURN_RECORDS_MAX);
    }

    private void drain(int recordsMax) {
        drainRequested = false;
        if (link.isClosed() || draining) {
            return;
        }
        draining = true;
        int records = 0;
        try {
            updateCellWeight();
            // A flush may empty the socket's buffer at once; then there is room for more.
            while (mayWrite() && records < recordsMax) {
                while (mayWrite() && records < recordsMax) {
                    writeRecord();
                    records++;
                }
                channel.flush();
            }
        } catch (RuntimeException e) {
            link.onBug(e);
        } finally {
            draining = false;
        }
        if (records > 0) {
            link.onWritten();
        }
        if (mayWrite()) {
            drainRequested = true;
            channel.eventLoop().execute(drain);
        }
    }

    private boolean mayWrite() {
        return hasWork() && channel.isWritable() && !link.isClosed();
    }

    private void writeRecord() {
        int cellBytes = circuitIdBytes + 1 + Cell.BODY_LENGTH;
        int cells = Math.min(RECORD_CELLS, queuedCells + destroys.size() + (paddingDue ? 1 : 0));
        ByteBuf record = channel.alloc().directBuffer(cells * cellBytes);
        try {
            for (int i = 0; i < cells && hasWork() && !link.isClosed(); i++) {
                writeCell(record);
            }
        } catch (RuntimeException e) {
            record.release();
            throw e;
        }
        // Void promise: a failed write closes the link, and there is nothing else to learn.
        channel.write(record, channel.voidPromise());
    }

    private void writeCell(ByteBuf record) {
        if (!destroys.isEmpty() && (heapSize == 0 || !destroyWentLast)) {
            // C tor takes turns as well: neither starves the other.
            destroyWentLast = true;
            link.onCellsWritten(1);
            writeDestroy(record, destroys.poll());
        } else if (heapSize > 0) {
            destroyWentLast = false;
            link.onCellsWritten(1);
            writeQuietest(record);
        } else {
            paddingDue = false;
            link.onPaddingWritten();
            writeHeader(record, 0, CellCommand.PADDING);
            record.writeZero(Cell.BODY_LENGTH);
        }
    }

    private void writeQuietest(ByteBuf record) {
        CircuitPort port = heap[0];
        Cell cell = port.poll();
        if (link.statistics().cells() != null) {
            port.countWait(link.turnNanos() - cell.queuedNanos);
        }
        queuedCells--;
        link.memory().add(MemoryKind.CELLS, -Cell.CHARGED_BYTES);
        port.recentCells += cellWeight;
        if (port.queuedCells() == 0) {
            removeAt(0);
        } else {
            siftDown(0, port);
        }
        if (circuitIdBytes == 4) {
            record.writeBytes(cell.array(), 0, Cell.LENGTH);
        } else {
            record.writeShort(port.circuitId());
            record.writeBytes(cell.array(), Cell.BODY - 1, 1 + Cell.BODY_LENGTH);
        }
        cell.release();
        if (port.fellLow()) {
            port.receiver().onQueueLow();
        }
    }

    private void writeDestroy(ByteBuf record, long destroy) {
        int circuitId = DestroyQueue.circuitId(destroy);
        writeHeader(record, circuitId, CellCommand.DESTROY);
        record.writeByte(DestroyQueue.reasonCode(destroy));
        record.writeZero(Cell.BODY_LENGTH - 1);
        link.circuits().unreserve(circuitId);
    }

    private void writeHeader(ByteBuf record, int circuitId, int command) {
        if (circuitIdBytes == 4) {
            record.writeInt(circuitId);
        } else {
            record.writeShort(circuitId);
        }
        record.writeByte(command);
    }

    private void updateCellWeight() {
        long now = link.turnNanos();
        // The half-life is at least a millisecond, so a long pause overflows to infinity rather than misbehave; the
        // limit below takes care of both.
        cellWeight *= Math.exp((now - weightNanos) * Math.log(2) / link.halfLifeNanos());
        weightNanos = now;
        if (cellWeight > CELL_WEIGHT_MAX) {
            link.circuits().forEachPort(port -> port.recentCells /= cellWeight);
            cellWeight = 1;
        }
    }

    private void siftUp(int index, CircuitPort port) {
        int at = index;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent].recentCells <= port.recentCells) {
                break;
            }
            place(at, heap[parent]);
            at = parent;
        }
        place(at, port);
    }

    private void siftDown(int index, CircuitPort port) {
        int at = index;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1].recentCells < heap[child].recentCells) {
                child++;
            }
            if (heap[child].recentCells >= port.recentCells) {
                break;
            }
            place(at, heap[child]);
            at = child;
        }
        place(at, port);
    }

    private void removeAt(int index) {
        heap[index].heapIndex = -1;
        CircuitPort last = heap[--heapSize];
        heap[heapSize] = null;
        if (index < heapSize) {
            siftDown(index, last);
            if (last.heapIndex == index) {
                siftUp(index, last);
            }
        }
    }

    private void place(int index, CircuitPort port) {
        heap[index] = port;
        port.heapIndex = index;
    }
}
