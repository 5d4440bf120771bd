package sallyport.engine.stream;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.Ip;
import sallyport.engine.cell.BeginMessage;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndMessage;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.ResolveMessage;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.cell.StreamMessage;
import sallyport.engine.dns.Lookup;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.flow.StreamCarrier;
import sallyport.engine.flow.StreamFlow;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.StreamSignals;
import sallyport.engine.flow.StreamWindows;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.Shedding;
import sallyport.engine.netdoc.ExitPolicy;

/// The streams of one circuit. Runs on the circuit's owner loop.
public final class Streams {
    // Ours: streams take turns of a quarter of a read buffer, so one download does not delay another's answer by more
    // than a few cells each.
    private static final int TURN_CELLS = 8;
    // Ours: below this looking for ended streams is not worth it.
    private static final int ENDED_IN_LINE_MIN = 16;

    // Ours: a page of a browser opens some dozens at once. What their names may ask for is limited further where others
    // ask too (`ResolverShare`).
    static final int OPENING_MAX = 1024;
    static final String TOO_MANY_OPENING = "streams being opened beyond the limit of a circuit";

    private final StreamContext context;
    private final StreamCarrier client;
    private final @Nullable StreamSignalParameters signals;
    private final StreamTable table = new StreamTable();
    /// Streams with something to package or room to read, waiting for their turn.
    private final ArrayDeque<DataStream> line = new ArrayDeque<>();

    /// Streams in the table that are not connected yet.
    private int opening;
    /// Lookups of streams that ended, whose questions are still under way: ending a stream must not make
    /// room for the next question.
    private int forgotten;

    private final StreamLimiter limiter = new StreamLimiter();
    private boolean packaging;
    private boolean closed;

    /// @param signals of a circuit with congestion control; null: its streams have fixed windows
    public Streams(StreamContext context, StreamCarrier client, @Nullable StreamSignalParameters signals) {
        this.context = context;
        this.client = client;
        this.signals = signals;
    }

    /// Handles one decrypted message for a stream: BEGIN, BEGIN_DIR, DATA, END, RESOLVE, stream-level
    /// SENDME, XON, XOFF, and CONNECTED and RESOLVED, which a client must not send. The bytes are
    /// borrowed.
    ///
    /// @throws ProtocolViolation of the circuit; its owner closes it and calls [#closeAll]
    public void onMessage(int relayCommand, int streamId, byte[] array, int offset, int length)
            throws ProtocolViolation {
        assert context.loop().inEventLoop();
        if (closed) {
            return;
        }
        if (streamId == 0) {
            context.faults().count("stream message without a stream id");
            return;
        }
        OpenStream stream = table.get(streamId);
        switch (relayCommand) {
            case RelayCommand.DATA -> {
                if (stream != null) {
                    stream.onData(array, offset, length);
                }
            }
            case RelayCommand.SENDME -> {
                if (stream != null && stream.isConnected()) {
                    stream.onSendme();
                }
            }
            case RelayCommand.BEGIN -> {
                context.faults().tallies().count(Tally.STREAM_BEGIN);
                onBegin(stream, streamId, array, offset, length);
            }
            case RelayCommand.BEGIN_DIR -> {
                context.faults().tallies().count(Tally.STREAM_BEGIN_DIR);
                onBeginDirectory(stream, streamId);
            }
            case RelayCommand.RESOLVE -> {
                context.faults().tallies().count(Tally.STREAM_RESOLVE);
                onResolve(stream, streamId, array, offset, length);
            }
            case RelayCommand.END -> {
                EndMessage.decode(array, offset, length);
                onEnd(stream, streamId);
            }
            case RelayCommand.CONNECTED, RelayCommand.RESOLVED -> onAnswer(stream);
            case RelayCommand.XOFF -> {
                if (stream != null && stream.isConnected()) {
                    stream.onXoff();
                }
            }
            case RelayCommand.XON -> {
                if (stream != null && stream.isConnected()) {
                    stream.onXon(array, offset, length);
                }
            }
            default -> context.faults().count("relay command unknown to streams");
        }
    }

    /// The circuit takes DATA again: goes on reading servers, each stream in turn.
    public void resume() {
        assert context.loop().inEventLoop();
        packageLine();
    }

    /// The circuit is gone: flushes and closes what is connected, forgets the rest. Nothing is sent to
    /// the client.
    public void closeAll() {
        assert context.loop().inEventLoop();
        closed = true;
        line.clear();
        opening = 0;
        for (OpenStream stream : table.drain()) {
            stream.abandon();
        }
    }

    /// The same, but what the streams hold is dropped at once: memory is short.
    public void dropAll() {
        assert context.loop().inEventLoop();
        closed = true;
        line.clear();
        opening = 0;
        for (OpenStream stream : table.drain()) {
            stream.drop();
        }
    }

    /// Ends every stream to where this policy lets none go, as C tor does with `ReevaluateExitPolicy`.
    public void endThoseThatMayNotLeave(ExitPolicy policy) {
        assert context.loop().inEventLoop();
        for (OpenStream stream : table.all()) {
            if (stream instanceof DataStream data) {
                data.endUnlessAccepted(policy);
            }
        }
    }

    /// When the oldest of the bytes held by any stream came, in ticker nanoseconds; null where none are
    /// held.
    public @Nullable Long oldestNanos() {
        return table.oldestNanos();
    }

    /// Streams that are open or being opened, lookups included.
    public int open() {
        return table.size();
    }

    /// As what a circuit with these streams gives way when memory is short.
    public Shedding shedAs() {
        if (table.size() == 0) {
            return Shedding.CIRCUITS;
        }
        return table.leadsOut() ? Shedding.STREAMS : Shedding.DIRECTORY;
    }

    /// What counts against [#OPENING_MAX].
    int opening() {
        return opening + forgotten;
    }

    StreamContext context() {
        return context;
    }

    StreamCarrier client() {
        return client;
    }

    ExitSettings settings() {
        return context.exit().get();
    }

    void send(int streamId, StreamMessage message) {
        if (!closed) {
            client.send(streamId, message.command(), message.encode());
        }
    }

    /// @param body borrowed
    void send(int streamId, int relayCommand, byte[] body) {
        if (!closed) {
            if (relayCommand == RelayCommand.XOFF) {
                context.faults().tallies().count(Tally.XOFF_SENT);
            } else if (relayCommand == RelayCommand.XON) {
                context.faults().tallies().count(Tally.XON_SENT);
            }
            client.send(streamId, relayCommand, body);
        }
    }

    /// What holds a new stream of this circuit back.
    StreamFlow newFlow(int streamId) {
        return signals == null
                ? new StreamWindows(this::send, streamId)
                : new StreamSignals(
                        this::send, streamId, signals, context.world().ticker());
    }

    /// A peer did what C tor ignores.
    void count(String what) {
        context.faults().count(what);
    }

    void remove(int streamId) {
        OpenStream stream = table.get(streamId);
        if (stream != null) {
            opening -= stream.isConnected() ? 0 : 1;
            table.remove(streamId);
        }
    }

    /// A stream in the table is about to be connected.
    void onOpened() {
        opening--;
    }

    /// Nobody waits for the lookup any more.
    void forget(Lookup lookup) {
        if (closed) {
            lookup.cancel();
        } else {
            forgotten++;
            lookup.cancel(() -> forgotten--);
        }
    }

    /// Counts bytes that a stream holds from now on, or, where negative, no longer does.
    void hold(int bytes) {
        context.memory().add(MemoryKind.STREAMS, bytes);
    }

    private void add(int streamId, OpenStream stream) {
        table.put(streamId, stream);
        opening++;
    }

    private boolean mayOpen() {
        boolean may = opening() < OPENING_MAX;
        if (!may) {
            context.faults().count(TOO_MANY_OPENING);
        }
        return may;
    }

    /// The stream has something to package, wants to read, or has come to its end.
    void line(DataStream stream) {
        if (!stream.inLine && !closed) {
            stream.inLine = true;
            line.addLast(stream);
            dropEnded();
        }
        packageLine();
    }

    /// Streams that have their turn to come, those included that have ended meanwhile.
    int inLine() {
        return line.size();
    }

    boolean isReentry(byte[] ip, int port) {
        return context.relays().get().isOrPort(Ip.unmapped(ip), port)
                && context.parameters().get().get("allow-network-reentry", 0, 1, 0) == 0;
    }

    private void onBegin(@Nullable OpenStream stream, int streamId, byte[] array, int offset, int length)
            throws ProtocolViolation {
        if (isTaken(stream)) {
            return;
        }
        BeginMessage begin;
        try {
            begin = BeginMessage.decode(array, offset, length);
        } catch (ProtocolViolation e) {
            refuse(streamId, EndReason.TORPROTOCOL, e.what());
            return;
        }
        if (context.previousHop().isClient()) {
            refuse(streamId, EndReason.TORPROTOCOL, "BEGIN from a client as first hop");
        } else if (isUnknownRelay()) {
            refuse(streamId, EndReason.MISC, "BEGIN through an unknown relay");
        } else if (!settings().ipv6Exit() && begin.has(BeginMessage.IPV4_NOT_OK)) {
            send(streamId, EndMessage.of(EndReason.EXITPOLICY));
        } else if (context.hibernating().getAsBoolean()) {
            send(streamId, EndMessage.of(EndReason.HIBERNATING));
        } else if (!isAllowed() || !mayOpen()) {
            // C tor, where it limits streams: RESOURCELIMIT would have clients avoid this relay until the next
            // consensus.
            send(streamId, EndMessage.of(EndReason.MISC));
        } else {
            DataStream opened = new DataStream(this, streamId);
            add(streamId, opened);
            opened.begin(settings().ipv6Exit() ? begin : begin.withoutFlags(BeginMessage.IPV6_PREFERRED));
        }
    }

    private void onBeginDirectory(@Nullable OpenStream stream, int streamId) {
        if (isTaken(stream)) {
            return;
        }
        DirRequestHandler directory = context.directory();
        if (directory == null) {
            send(streamId, EndMessage.of(EndReason.NOTDIRECTORY));
            return;
        }
        if (context.hibernating().getAsBoolean()) {
            send(streamId, EndMessage.of(EndReason.HIBERNATING));
            return;
        }
        if (!mayOpen() || context.memory().relief().refuses(Shedding.DIRECTORY)) {
            send(streamId, EndMessage.of(EndReason.RESOURCELIMIT));
            return;
        }
        DataStream opened = new DataStream(this, streamId);
        add(streamId, opened);
        opened.beginDirectory(directory);
    }

    private void onResolve(@Nullable OpenStream stream, int streamId, byte[] array, int offset, int length)
            throws ProtocolViolation {
        if (isTaken(stream)) {
            return;
        }
        if (!isAllowed()) {
            send(streamId, ResolvedMessage.error(true, LookupStream.TTL_SECONDS));
            return;
        }
        ResolveMessage message = ResolveMessage.decode(array, offset, length);
        // C tor answers a literal with an error too: it has no record to answer with.
        if (settings().policy().rejectsAll() || Ip.parse(message.name()) != null) {
            send(streamId, ResolvedMessage.error(false, LookupStream.TTL_SECONDS));
            return;
        }
        if (!mayOpen()) {
            send(streamId, ResolvedMessage.error(true, LookupStream.TTL_SECONDS));
            return;
        }
        LookupStream opened = new LookupStream(this, streamId);
        add(streamId, opened);
        opened.start(message);
    }

    private void onEnd(@Nullable OpenStream stream, int streamId) {
        if (stream != null) {
            remove(streamId);
            stream.abandon();
        }
    }

    private void onAnswer(@Nullable OpenStream stream) throws ProtocolViolation {
        if (stream != null && stream.isConnected()) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "CONNECTED or RESOLVED from a client");
        }
        context.faults().count("CONNECTED or RESOLVED from a client");
    }

    private boolean isTaken(@Nullable OpenStream stream) {
        if (stream != null) {
            context.faults().count("stream id in use");
        }
        return stream != null;
    }

    /// Whether the circuit does not begin more streams and lookups a second than it may.
    private boolean isAllowed() throws ProtocolViolation {
        long second = TimeUnit.NANOSECONDS.toSeconds(context.world().ticker().nanoTime());
        boolean allowed = limiter.allows(context.parameters().get(), second);
        if (!allowed) {
            context.faults().count("too many streams of one circuit a second");
            context.faults().tallies().count(Tally.DOS_STREAM_REJECTED);
        }
        return allowed;
    }

    private boolean isUnknownRelay() {
        byte[] digest = context.previousHop().rsaDigest();
        boolean known = digest != null && context.relays().get().isKnownRelay(digest);
        return !known && context.parameters().get().get("refuseunknownexits", 0, 1, 1) != 0;
    }

    private void refuse(int streamId, EndReason reason, String what) {
        context.faults().count(what);
        send(streamId, EndMessage.of(reason));
    }

    /// Who ends while the circuit takes nothing stays in line. A client that opens, ends and never
    /// acknowledges must not make it grow, so the ended leave once they are the most of it.
    private void dropEnded() {
        if (line.size() > ENDED_IN_LINE_MIN + 2 * table.size()) {
            line.removeIf(DataStream::isOver);
        }
    }

    /// Lets the streams in line package a few cells each, round after round, while the circuit takes them.
    private void packageLine() {
        if (packaging) {
            return;
        }
        packaging = true;
        try {
            while (!closed && client.ready()) {
                DataStream stream = line.pollFirst();
                if (stream == null) {
                    break;
                }
                stream.inLine = false;
                if (stream.packageCells(TURN_CELLS) && !stream.inLine && !closed) {
                    stream.inLine = true;
                    line.addLast(stream);
                }
            }
        } finally {
            packaging = false;
        }
    }
}
