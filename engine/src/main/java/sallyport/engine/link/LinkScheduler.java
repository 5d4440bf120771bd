package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.Throttle;
import sallyport.engine.limits.Throttled;

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

    private final Throttled writing;
    private final QuietestFirst waiting = new QuietestFirst();
    private int queuedCells;
    private double cellWeight = 1;
    private long weightNanos;

    private final DestroyQueue destroys = new DestroyQueue();
    private boolean destroyWentLast;
    private boolean paddingDue;
    private int circuitIdBytes = 4;

    LinkScheduler(Link link, Channel channel, Throttle throttle, boolean privatePeer) {
        this.link = link;
        this.channel = channel;
        this.writing = new Throttled(throttle, link::isRelaying, privatePeer) {
            @Override
            protected boolean go() {
                drain(1, false);
                return false;
            }
        };
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
        return !waiting.isEmpty() || !destroys.isEmpty() || paddingDue;
    }

    /// What the relay's limit knows of it.
    Throttled writing() {
        return writing;
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
            waiting.add(port);
        }
        requestDrain();
    }

    /// A port is about to drop its queue.
    void forget(CircuitPort port) {
        queuedCells -= port.queuedCells();
        link.memory().add(MemoryKind.CELLS, -(long) port.queuedCells() * Cell.CHARGED_BYTES);
        if (port.heapIndex >= 0) {
            waiting.remove(port);
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
        drain(Integer.MAX_VALUE, false);
    }

    private void drainTurn() {
        drain(TURN_RECORDS_MAX, true);
    }

    /// @param asks whether the relay's limit is asked first
    private void drain(int recordsMax, boolean asks) {
        drainRequested = false;
        if (link.isClosed() || draining) {
            return;
        }
        draining = true;
        int records = 0;
        try {
            updateCellWeight();
            // A flush may empty the socket's buffer at once; then there is room for more.
            while (mayWrite() && records < recordsMax && (!asks || writing.mayGo())) {
                // Only what is flushed counts for a limit.
                int recordsNow = asks && writing.isLimited() ? records + 1 : recordsMax;
                while (mayWrite() && records < recordsNow) {
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
        if (mayWrite() && writing.mayGo()) {
            drainRequested = true;
            channel.eventLoop().execute(drain);
        }
    }

    private boolean mayWrite() {
        return hasWork() && channel.isWritable() && !link.isClosed();
    }

    private void writeRecord() {
        int cellBytes = circuitIdBytes + 1 + Cell.BODY_LENGTH;
        int waitingCells = queuedCells + destroys.size() + (paddingDue ? 1 : 0);
        int cells = Math.min(Math.clamp(writing.shareBytes() / cellBytes, 1, RECORD_CELLS), waitingCells);
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
        if (!destroys.isEmpty() && (waiting.isEmpty() || !destroyWentLast)) {
            // C tor takes turns as well: neither starves the other.
            destroyWentLast = true;
            link.onCellsWritten(1);
            writeDestroy(record, destroys.poll());
        } else if (!waiting.isEmpty()) {
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
        CircuitPort port = waiting.first();
        Cell cell = port.poll();
        if (link.statistics().cells() != null) {
            port.countWait(link.turnNanos() - cell.queuedNanos);
        }
        queuedCells--;
        link.memory().add(MemoryKind.CELLS, -Cell.CHARGED_BYTES);
        port.recentCells += cellWeight;
        if (port.queuedCells() == 0) {
            waiting.remove(port);
        } else {
            waiting.firstSent();
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
        cellWeight *= Math.exp((now - weightNanos) * Math.log(2) / link.rules().halfLifeNanos());
        weightNanos = now;
        if (cellWeight > CELL_WEIGHT_MAX) {
            link.circuits().forEachPort(port -> port.recentCells /= cellWeight);
            cellWeight = 1;
        }
    }
}
