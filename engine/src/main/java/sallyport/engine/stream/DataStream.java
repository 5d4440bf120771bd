package sallyport.engine.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.BeginMessage;
import sallyport.engine.cell.ConnectedMessage;
import sallyport.engine.cell.EndMessage;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.XonBody;
import sallyport.engine.dns.DnsAnswer;
import sallyport.engine.dns.Lookup;
import sallyport.engine.dns.Resolution;
import sallyport.engine.exit.ExitFailure;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.flow.StreamFlow;
import sallyport.engine.flow.StreamSignals;
import sallyport.engine.netdoc.ExitPolicy;

/// One stream of a client: looking its destination up, connecting, moving bytes both ways, ending.
/// Runs on the circuit's owner loop.
final class DataStream implements OpenStream, FarEnd.Events {
    /// C tor: what CONNECTED and END say of an address the client named itself.
    private static final int LITERAL_TTL_SECONDS = 1800;
    // Most clients send one or two cells before the answer.
    private static final int EARLY_BYTES = 2 * RelayCell.DATA_MAX;
    private static final String WITHOUT_CONGESTION_CONTROL = "XON or XOFF without congestion control";

    private final Streams streams;
    private final int id;
    private final StreamFlow flow;
    private @Nullable Lookup lookup;
    private @Nullable FarEnd far;
    /// What the client sent before there was anything to write to.
    private @Nullable ByteBuf early;

    private long earlyNanos;

    /// Ends a pause in reading the server.
    private @Nullable Future<?> reading;

    private byte @Nullable [] ip;
    private int port;
    private long ttlSeconds;
    private boolean directory;
    private boolean connected;
    private boolean ended;
    private boolean over;

    /// Whether [Streams] has it in its line of streams that may package; belongs to [Streams].
    boolean inLine;

    DataStream(Streams streams, int id) {
        this.streams = streams;
        this.id = id;
        this.flow = streams.newFlow(id);
    }

    /// Looks the destination up, where it is a name, and connects.
    void begin(BeginMessage begin) {
        byte[] literal = begin.destination().literal();
        if (literal != null) {
            connect(literal, begin.destination().port(), LITERAL_TTL_SECONDS);
        } else if (streams.settings().policy().rejectsAll()) {
            end(EndMessage.of(EndReason.RESOLVEFAILED));
        } else {
            Lookup asked = streams.context()
                    .resolver()
                    .addresses(begin.destination().nameForResolver(), found -> resolved(begin, found));
            lookup = over || far != null ? null : asked;
        }
    }

    /// Opens a conversation with the directory inside this relay.
    void beginDirectory(DirRequestHandler handler) {
        directory = true;
        far = handler.open(streams.context().dirClient(), this);
        if (far == null) {
            end(EndMessage.of(EndReason.NOTDIRECTORY));
        }
    }

    @Override
    public boolean isDirectory() {
        return directory;
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    /// Whether it has ended, from whichever side.
    boolean isOver() {
        return over;
    }

    @Override
    public void onData(byte[] array, int offset, int length) throws ProtocolViolation {
        flow.dataReceived();
        if (far != null) {
            far.write(array, offset, length);
        } else if (length > 0) {
            if (early == null) {
                early = ByteBufAllocator.DEFAULT.heapBuffer(EARLY_BYTES);
                earlyNanos = streams.context().world().ticker().nanoTime();
                streams.hold(early.capacity());
            }
            int before = early.capacity();
            early.writeBytes(array, offset, length);
            streams.hold(early.capacity() - before);
        }
        flow.queued(owedBytes(), connected);
    }

    @Override
    public void onSendme() throws ProtocolViolation {
        flow.sendmeReceived();
        streams.line(this);
    }

    @Override
    public void onXoff() {
        if (!(flow instanceof StreamSignals signals)) {
            streams.count(WITHOUT_CONGESTION_CONTROL);
        } else if (!signals.xoffReceived()) {
            streams.count("XOFF twice");
        }
    }

    @Override
    public void onXon(byte[] array, int offset, int length) {
        if (!(flow instanceof StreamSignals signals)) {
            streams.count(WITHOUT_CONGESTION_CONTROL);
            return;
        }
        try {
            signals.xonReceived(XonBody.decode(array, offset, length));
        } catch (Malformed e) {
            streams.count("XON that cannot be read");
            return;
        }
        stopWaiting();
        streams.line(this);
    }

    @Override
    public void abandon() {
        over = true;
        if (lookup != null) {
            streams.forget(lookup);
        }
        releaseEarly();
        stopWaiting();
        if (far != null) {
            far.closeAfterFlush();
        }
    }

    @Override
    public void drop() {
        abandon();
        if (far != null) {
            far.close();
        }
    }

    @Override
    public @Nullable Long oldestNanos() {
        if (early != null) {
            return earlyNanos;
        }
        return far == null ? null : far.oldestNanos();
    }

    @Override
    public void onConnected() {
        if (!connected && !over) {
            streams.onOpened();
        }
        connected = true;
        streams.send(id, ip == null ? ConnectedMessage.DIRECTORY : new ConnectedMessage(ip, ttlSeconds));
        flow.opened(owedBytes());
        goOn();
    }

    @Override
    public void onInput() {
        streams.line(this);
    }

    @Override
    public void onWritten(int bytes) {
        if (connected && !over) {
            flow.written(bytes, owedBytes());
        }
    }

    @Override
    public void onEnd() {
        ended = true;
        goOn();
    }

    @Override
    public void onFailure(ExitFailure why) {
        end(EndMessage.of(reason(why)));
    }

    /// Packages up to `cells` DATA cells, reads on when everything has been packaged, ends after the last
    /// byte. Returns whether there is more to package within the stream's window.
    boolean packageCells(int cells) {
        FarEnd from = far;
        if (over || !connected || from == null) {
            return false;
        }
        ByteBuf input = from.input();
        for (int i = 0; i < cells && input != null && mayPackage(); i++) {
            flow.packaged(streams.client().sendData(id, input));
            if (over) {
                return false;
            }
            from.inputTaken();
            input = from.input();
        }
        if (input != null) {
            return flow.mayPackage();
        }
        if (ended) {
            end(EndMessage.of(EndReason.DONE));
        } else if (mayPackage()) {
            read(from);
        } else {
            return flow.mayPackage();
        }
        return false;
    }

    /// Reads on once the rate that the client named allows it.
    private void read(FarEnd from) {
        long wait = flow.readWaitMicros();
        if (wait == 0) {
            from.read();
        } else if (reading == null) {
            reading = streams.context().loop().schedule(this::readAgain, wait, TimeUnit.MICROSECONDS);
        }
    }

    private void readAgain() {
        reading = null;
        streams.line(this);
    }

    private void stopWaiting() {
        if (reading != null) {
            reading.cancel(false);
            reading = null;
        }
    }

    /// END waits for the last byte, but for no window.
    private void goOn() {
        if (connected && ended && far != null && far.input() == null) {
            end(EndMessage.of(EndReason.DONE));
        } else {
            streams.line(this);
        }
    }

    private boolean mayPackage() {
        return flow.mayPackage() && streams.client().ready();
    }

    private void resolved(BeginMessage begin, Resolution resolution) {
        lookup = null;
        ExitSettings settings = streams.settings();
        DnsAnswer.Address address = AddressChoice.choose(resolution, begin, settings);
        if (address == null) {
            end(EndMessage.of(EndReason.RESOLVEFAILED));
        } else {
            connect(address.ip(), begin.destination().port(), address.ttlSeconds());
        }
    }

    /// Where the policy does not let it go to its server, it ends, and what that is still to get is
    /// dropped.
    void endUnlessAccepted(ExitPolicy policy) {
        byte[] server = ip;
        if (server != null && !policy.accepts(server, port)) {
            FarEnd cut = far;
            end(new EndMessage(EndReason.EXITPOLICY, server, ttlSeconds));
            if (cut != null) {
                cut.close();
            }
        }
    }

    private void connect(byte[] address, int toPort, int ttl) {
        ip = address;
        port = toPort;
        ttlSeconds = ttl;
        ExitSettings settings = streams.settings();
        boolean familyFits = address.length == 4 || settings.ipv6Exit();
        if (!familyFits || !settings.accepts(address, port)) {
            end(new EndMessage(EndReason.EXITPOLICY, address, ttl));
            return;
        }
        // A way back into the Tor network would let circuits be longer than their eight hops (C tor ticket 2667); this
        // reason keeps clients from trying the same through every other exit.
        if (streams.isReentry(address, port)) {
            end(EndMessage.of(EndReason.CONNECTREFUSED));
            return;
        }
        FarEnd dialed = streams.context().dialer().dial(address, port, settings, this);
        far = dialed;
        if (early != null) {
            dialed.write(early.array(), early.arrayOffset() + early.readerIndex(), early.readableBytes());
            releaseEarly();
        }
    }

    /// What the server's system does not have yet.
    private int owedBytes() {
        if (far != null) {
            return far.queuedBytes();
        }
        return early == null ? 0 : early.readableBytes();
    }

    private void end(EndMessage message) {
        if (!over) {
            streams.remove(id);
            abandon();
            streams.send(id, message);
        }
    }

    private void releaseEarly() {
        if (early != null) {
            streams.hold(-early.capacity());
            early.release();
            early = null;
        }
    }

    private static EndReason reason(ExitFailure why) {
        return switch (why) {
            case DONE -> EndReason.DONE;
            case REFUSED -> EndReason.CONNECTREFUSED;
            case RESET -> EndReason.CONNRESET;
            case TIMEOUT -> EndReason.TIMEOUT;
            case NO_ROUTE -> EndReason.NOROUTE;
            case RESOURCES -> EndReason.RESOURCELIMIT;
            case INTERNAL -> EndReason.INTERNAL;
            case MISC -> EndReason.MISC;
        };
    }
}
