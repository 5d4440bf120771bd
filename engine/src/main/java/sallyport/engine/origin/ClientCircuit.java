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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.BeginMessage;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndMessage;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.ResolveMessage;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.cell.StreamMessage;
import sallyport.engine.flow.CongestionWindow;
import sallyport.engine.flow.DeliverWindow;
import sallyport.engine.flow.FixedWindow;
import sallyport.engine.flow.PackageWindow;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.StreamSignals;
import sallyport.engine.flow.StreamWindows;
import sallyport.engine.flow.TagRandomness;
import sallyport.engine.flow.VegasParameters;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.World;

/// A client's circuit to an exit, with the streams on it and the flow control of both ends (tor-spec
/// "Flow control", proposal 324). Made by [ClientLinks#open]; every method runs on its loop. A relay of
/// the path that breaks a rule ends this circuit and nothing else.
public final class ClientCircuit {
    /// Who wants to know how a circuit fares. All of it on the circuit's loop.
    public interface Listener {
        /// Every hop answered: streams may be opened.
        void built(ClientCircuit circuit);

        /// It is over, whoever ended it; its streams have been told. Exactly once.
        void ended(ClientCircuit circuit);
    }

    /// Ours: streams of one circuit at a time.
    public static final int STREAMS_MAX = 1024;
    /// Ours: ids are used once, so that a late message never meets another stream; after so many a
    /// circuit takes no more.
    public static final int STREAMS_IN_ALL_MAX = 32_768;

    // Ours: streams that all have something to send take turns, so that none waits for more than a few cells of each
    // of the others.
    private static final int TURN_CELLS = 8;
    private static final int IDS = 0x10000;
    private static final long NANOS_PER_MICRO = 1000;
    // Specification: version 1 since 0.4.1; an exit that sends none has nothing to prove.
    private static final int SENDME_VERSION = 1;

    private final World world;
    private final EventLoop loop;
    private final Supplier<NetworkParameters> parameters;
    private final FaultCounters faults;
    private final Runnable whenOver;
    private final Listener listener;
    private final int firstId;
    private final IntObjectHashMap<ClientStream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<ClientStream> line = new ArrayDeque<>();
    /// By number of stream, in the order they were opened: those that we ended and the exit did not, so
    /// that what it sent before it knew comes in vain.
    private final BitSet halfClosed = new BitSet();

    private int hops;
    private int opened;
    private int turnCells = Integer.MAX_VALUE;
    private boolean over;
    private @Nullable Built built;

    /// What there is once every hop has answered.
    private record Built(
            OriginCircuit circuit,
            RelayCellFormat format,
            PackageWindow window,
            DeliverWindow deliver,
            TagRandomness randomness,
            @Nullable StreamSignalParameters signals) {
        static Built of(OriginCircuit circuit, World world, NetworkParameters voted) {
            int increment = circuit.terms().sendmeIncrement();
            TagRandomness randomness = new TagRandomness(world.entropy(), circuit.format());
            if (increment > 0) {
                return new Built(
                        circuit,
                        circuit.format(),
                        new CongestionWindow(VegasParameters.ofExit(voted), increment),
                        new DeliverWindow(increment),
                        randomness,
                        StreamSignalParameters.ofClient(voted));
            }
            int start = voted.get(
                    "circwindow",
                    FixedWindow.START_CELLS_MIN,
                    FixedWindow.START_CELLS_MAX,
                    FixedWindow.START_CELLS_MAX);
            return new Built(
                    circuit,
                    circuit.format(),
                    new FixedWindow(start),
                    new DeliverWindow(DeliverWindow.FIXED_INCREMENT_CELLS),
                    randomness,
                    null);
        }
    }

    /// @param faults counts what relays do wrong
    /// @param whenOver runs when it has ended, before the listener hears of it
    ClientCircuit(
            World world,
            EventLoop loop,
            Supplier<NetworkParameters> parameters,
            FaultCounters faults,
            Runnable whenOver,
            Listener listener) {
        this.world = world;
        this.loop = loop;
        this.parameters = parameters;
        this.faults = faults;
        this.whenOver = whenOver;
        this.listener = listener;
        this.firstId = (int) world.entropy().jitter(IDS);
    }

    /// Whether it is built and not over.
    public boolean isOpen() {
        return built != null && !over;
    }

    /// How many hops have answered; 0 where the guard could not even be reached.
    public int hops() {
        return hops;
    }

    /// Whether one more stream may be opened.
    public boolean mayOpen() {
        return isOpen() && streams.size() < STREAMS_MAX && opened < STREAMS_IN_ALL_MAX;
    }

    /// Streams and lookups that are not over.
    public int openStreams() {
        return streams.size();
    }

    /// Whether the exit granted congestion control.
    public boolean hasCongestionControl() {
        return built != null && built.signals() != null;
    }

    /// Opens a stream. Only while [#mayOpen].
    ///
    /// @param flags of [BeginMessage]
    public ClientStream begin(Destination destination, int flags, ClientStream.Events events) {
        return add(new BeginMessage(destination, flags), false, events);
    }

    /// Asks the exit for the addresses of a name, or for the name of `….in-addr.arpa` or `….ip6.arpa`.
    /// Only while [#mayOpen].
    public ClientStream resolve(String name, ClientStream.Events events) {
        return add(new ResolveMessage(name), true, events);
    }

    /// Destroys it. Its listener is told before this returns.
    public void end() {
        if (built != null) {
            built.circuit().end();
        }
    }

    private ClientStream add(StreamMessage message, boolean lookup, ClientStream.Events events) {
        Built now = built;
        if (now == null || !mayOpen()) {
            throw new IllegalStateException("a stream on a circuit that takes none");
        }
        int id = nextId();
        ClientStream stream = new ClientStream(
                this,
                id,
                lookup,
                now.signals() == null
                        ? new StreamWindows(this::send, id)
                        : new StreamSignals(this::send, id, now.signals(), world.ticker()),
                events);
        streams.put(id, stream);
        send(id, message.command(), message.encode());
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

    // What streams do

    /// Whether one more DATA cell may be sent.
    boolean ready() {
        Built now = built;
        return now != null && !over && now.window().isOpen() && !now.circuit().isQueueFull();
    }

    /// How many cells a stream may send in one go.
    int turnCells() {
        return turnCells;
    }

    /// Sends one DATA cell. Only while [#ready].
    ///
    /// @return bytes taken
    int sendData(int streamId, ByteBuf source) {
        Built now = built;
        if (now == null) {
            return 0;
        }
        int length = now.randomness().take(source.readableBytes());
        byte[] tag = now.circuit().sendData(streamId, source, length);
        if (tag != null && now.window().dataSent()) {
            now.window().await(tag, nowMicros());
        }
        return tag == null ? 0 : length;
    }

    void send(int streamId, int relayCommand, byte[] body) {
        Built now = built;
        if (now != null && !over) {
            now.circuit().send(relayCommand, streamId, body, 0, body.length);
        }
    }

    void endStream(int id, EndReason reason) {
        streams.remove(id);
        halfClosed.set(number(id));
        send(id, RelayCommand.END, EndMessage.of(reason).encode());
    }

    /// The stream has something to send, and its own window is open.
    void line(ClientStream stream) {
        if (!stream.inLine && !over) {
            stream.inLine = true;
            line.addLast(stream);
            if (turnCells == Integer.MAX_VALUE) {
                resume();
            }
        }
    }

    Future<?> later(Runnable work, long micros) {
        return loop.schedule(work, micros, TimeUnit.MICROSECONDS);
    }

    /// Lets the streams in line send a few cells each, round after round, while the circuit takes them.
    private void resume() {
        if (turnCells != Integer.MAX_VALUE) {
            return;
        }
        turnCells = TURN_CELLS;
        try {
            while (ready()) {
                ClientStream stream = line.pollFirst();
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

    private void onMessage(Built now, Cell cell, byte[] tag) throws ProtocolViolation {
        RelayCellFormat format = now.format();
        int command = format.command(cell);
        int length = format.length(cell);
        int at = Cell.BODY + format.dataAt(command);
        int streamId = format.streamId(cell);
        if (command == RelayCommand.DATA && now.deliver().dataArrived()) {
            send(0, RelayCommand.SENDME, new SendmeBody(SENDME_VERSION, tag).encode());
        }
        if (command == RelayCommand.SENDME && streamId == 0) {
            onSendme(now, cell.array(), at, length);
            return;
        }
        ClientStream stream = streams.get(streamId);
        if (stream != null) {
            onStream(stream, command, cell.array(), at, length);
        } else if (isHalfClosed(streamId)) {
            onLate(streamId, command);
        } else {
            throw violation("a message to no stream of ours");
        }
    }

    private void onSendme(Built now, byte[] array, int offset, int length) throws ProtocolViolation {
        SendmeBody body = PackageWindow.read(array, offset, length, SENDME_VERSION);
        now.window()
                .sendme(
                        body,
                        nowMicros(),
                        now.circuit().isQueueFull(),
                        now.circuit().queuedCells());
        resume();
    }

    private void onStream(ClientStream stream, int command, byte[] array, int offset, int length)
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

    private long nowMicros() {
        return world.ticker().nanoTime() / NANOS_PER_MICRO;
    }

    /// The circuit's ear; nobody else is to call it.
    OriginCircuit.User user() {
        return new OriginCircuit.User() {
            @Override
            public void extended() {
                hops++;
            }

            @Override
            public void built(OriginCircuit circuit) {
                circuit.keep();
                built = Built.of(circuit, world, parameters.get());
                listener.built(ClientCircuit.this);
            }

            @Override
            public void message(Cell cell, byte[] tag) throws Malformed, ProtocolViolation {
                if (built != null) {
                    onMessage(built, cell, tag);
                }
            }

            @Override
            public void violated(String what) {
                faults.count(what);
            }

            @Override
            public void queueLow() {
                resume();
            }

            @Override
            public void ended() {
                over = true;
                line.clear();
                List<ClientStream> left = new ArrayList<>(streams.values());
                streams.clear();
                left.forEach(stream -> stream.onEnd(EndReason.DESTROY));
                whenOver.run();
                listener.ended(ClientCircuit.this);
            }
        };
    }
}
