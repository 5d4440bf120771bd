package sallyport.engine.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.BeginMessage;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndMessage;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.ResolveMessage;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.cell.StreamMessage;
import sallyport.engine.flow.StreamCarrier;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.StreamSignals;
import sallyport.engine.flow.StreamWindows;
import sallyport.engine.world.World;

/// The streams of a client toward one exit, whatever carries them there. Runs on the carrier's loop.
final class ClientStreams {
    /// Ours: streams at a time.
    static final int STREAMS_MAX = 1024;
    /// Ours: ids are used once, so that a late message never meets another stream; after so many no more
    /// are opened.
    static final int STREAMS_IN_ALL_MAX = 32_768;

    // Ours: streams that all have something to send take turns, so that none waits for more than a few cells of each
    // of the others.
    private static final int TURN_CELLS = 8;
    private static final int IDS = 0x10000;

    private final World world;
    private final EventLoop loop;
    private final StreamCarrier carrier;
    private final @Nullable StreamSignalParameters signals;
    private final int firstId;
    private final IntObjectHashMap<OriginStream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<OriginStream> line = new ArrayDeque<>();
    /// By number of stream, in the order they were opened: those that we ended and the exit did not, so
    /// that what it sent before it knew comes in vain.
    private final BitSet halfClosed = new BitSet();

    private int opened;
    private int turnCells = Integer.MAX_VALUE;
    private boolean over;

    /// @param signals of congestion control; null: windows of fixed size
    ClientStreams(World world, EventLoop loop, StreamCarrier carrier, @Nullable StreamSignalParameters signals) {
        this.world = world;
        this.loop = loop;
        this.carrier = carrier;
        this.signals = signals;
        this.firstId = (int) world.entropy().jitter(IDS);
    }

    /// Whether one more may be opened.
    boolean mayOpen() {
        return !over && streams.size() < STREAMS_MAX && opened < STREAMS_IN_ALL_MAX;
    }

    /// Streams and lookups that are not over.
    int open() {
        return streams.size();
    }

    /// See [ClientPath#begin].
    ClientStream begin(Destination destination, int flags, ClientStream.Events events) {
        return add(new BeginMessage(destination, flags), false, events);
    }

    /// See [ClientPath#resolve].
    ClientStream resolve(String name, ClientStream.Events events) {
        return add(new ResolveMessage(name), true, events);
    }

    private ClientStream add(StreamMessage message, boolean lookup, ClientStream.Events events) {
        if (!mayOpen()) {
            throw new IllegalStateException("a stream where none may be opened");
        }
        int id = nextId();
        OriginStream stream = new OriginStream(
                this,
                id,
                lookup,
                signals == null
                        ? new StreamWindows(carrier, id)
                        : new StreamSignals(carrier, id, signals, world.ticker()),
                events);
        streams.put(id, stream);
        carrier.send(id, message.command(), message.encode());
        return stream;
    }

    /// Ids go round from a random one on; 0 is none.
    private int nextId() {
        if (id(opened) == 0) {
            opened++;
        }
        return id(opened++);
    }

    private int id(int number) {
        return (firstId + number) % IDS;
    }

    private int number(int id) {
        return Math.floorMod(id - firstId, IDS);
    }

    /// All of them are over, for what carried them is.
    void close() {
        over = true;
        line.clear();
        List<OriginStream> left = new ArrayList<>(streams.values());
        streams.clear();
        left.forEach(stream -> stream.onEnd(EndReason.DESTROY));
    }

    // What streams do

    /// Whether one more DATA cell may be sent.
    boolean ready() {
        return !over && carrier.ready();
    }

    /// How many cells a stream may send in one go.
    int turnCells() {
        return turnCells;
    }

    /// Sends one DATA cell. Only while [#ready].
    ///
    /// @return bytes taken
    int sendData(int streamId, ByteBuf source) {
        return carrier.sendData(streamId, source);
    }

    void endStream(int id, EndReason reason) {
        streams.remove(id);
        halfClosed.set(number(id));
        carrier.send(id, RelayCommand.END, EndMessage.of(reason).encode());
    }

    /// The stream has something to send, and its own window is open.
    void line(OriginStream stream) {
        if (!stream.inLine && !over) {
            stream.inLine = true;
            line.addLast(stream);
            resume();
        }
    }

    Future<?> later(Runnable work, long micros) {
        return loop.schedule(work, micros, TimeUnit.MICROSECONDS);
    }

    /// Lets the streams in line send a few cells each, round after round, while the carrier takes them.
    void resume() {
        if (turnCells != Integer.MAX_VALUE) {
            return;
        }
        turnCells = TURN_CELLS;
        try {
            while (ready()) {
                OriginStream stream = line.pollFirst();
                if (stream == null) {
                    break;
                }
                stream.inLine = false;
                stream.takeTurn();
            }
        } finally {
            turnCells = Integer.MAX_VALUE;
        }
    }

    // What comes

    /// A message of a stream. The bytes are borrowed.
    ///
    /// @throws ProtocolViolation of the circuit on which it came
    void onMessage(int command, int streamId, byte[] array, int offset, int length) throws ProtocolViolation {
        OriginStream stream = streams.get(streamId);
        if (stream != null) {
            onStream(stream, command, array, offset, length);
        } else if (isHalfClosed(streamId)) {
            onLate(streamId, command);
        } else {
            throw violation("a message to no stream of ours");
        }
    }

    private void onStream(OriginStream stream, int command, byte[] array, int offset, int length)
            throws ProtocolViolation {
        switch (command) {
            case RelayCommand.DATA -> stream.onData(array, offset, length);
            case RelayCommand.CONNECTED -> stream.onConnected();
            case RelayCommand.SENDME -> stream.onSendme();
            case RelayCommand.XOFF -> stream.onXoff();
            case RelayCommand.XON -> stream.onXon(array, offset, length);
            case RelayCommand.END -> {
                EndMessage end = EndMessage.decode(array, offset, length);
                streams.remove(stream.id());
                stream.onEnd(end.reason());
            }
            case RelayCommand.RESOLVED -> {
                ResolvedMessage answers = ResolvedMessage.decode(array, offset, length);
                if (!stream.isLookup()) {
                    throw violation("RESOLVED to no lookup");
                }
                streams.remove(stream.id());
                stream.onResolved(answers);
            }
            default -> throw violation("not a message of a stream to a client");
        }
    }

    private boolean isHalfClosed(int streamId) {
        return streamId != 0 && halfClosed.get(number(streamId));
    }

    private void onLate(int streamId, int command) throws ProtocolViolation {
        switch (command) {
            case RelayCommand.END, RelayCommand.RESOLVED -> halfClosed.clear(number(streamId));
            case RelayCommand.DATA,
                    RelayCommand.CONNECTED,
                    RelayCommand.SENDME,
                    RelayCommand.XOFF,
                    RelayCommand.XON -> {}
            default -> throw violation("not a message of a stream to a client");
        }
    }

    static ProtocolViolation violation(String what) {
        return ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, what);
    }
}
