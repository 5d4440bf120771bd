package sallyport.engine.exit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.QueueAge;
import sallyport.engine.limits.ThrottledReads;

/// One TCP connection to a server. It reads one buffer at a time, and only when asked; it gathers what is written and
/// sends it once a turn. Runs on its loop.
final class ExitConnection extends ChannelInboundHandlerAdapter implements FarEnd {
    // 32 DATA cells of 498 bytes: a full read leaves no partial cell, and the buffer fits a 16 KiB size class.
    private static final int READ_BYTES = 32 * 498;
    // C tor gives up a connection held open for flushing when the system has taken nothing for 15 seconds.
    private static final int FLUSH_STALL_SECONDS = 15;

    private enum State {
        CONNECTING,
        OPEN,
        FLUSHING,
        CLOSED
    }

    private final ExitDialer dialer;
    private final EventLoop loop;
    private final ExitTraffic traffic;
    private final ArrayDeque<ByteBuf> input = new ArrayDeque<>(2);
    private final ExitOutput output;
    private @Nullable Events events;
    private @Nullable Channel channel;
    private State state = State.CONNECTING;
    private boolean flushAsked;
    private boolean inputEnded;
    private final ExitThrottle reading;
    private final ExitThrottle writing;
    private long inputNanos;

    private final boolean ipv6;

    /// Whether it counts as open; belongs to the dialer.
    boolean counted;

    /// @param ip of the server, 4 or 16 bytes
    ExitConnection(ExitDialer dialer, EventLoop loop, Events events, byte[] ip, int port) {
        this.dialer = dialer;
        this.loop = loop;
        this.events = events;
        this.ipv6 = ip.length == Ip.IPV6_BYTES;
        this.traffic = new ExitTraffic(dialer.statistics(), dialer.ticker(), ipv6, port);
        boolean privateServer = Ip.isInternal(Ip.unmapped(ip));
        this.output = new ExitOutput(dialer.memory(), new QueueAge(dialer.ticker()), new Written());
        this.reading = new ExitThrottle(dialer.bandwidth().reading(), privateServer, true, this::readNow);
        this.writing = new ExitThrottle(dialer.bandwidth().writing(), privateServer, false, this::flushNow);
    }

    boolean isIpv6() {
        return ipv6;
    }

    @Override
    public void write(byte[] src, int offset, int length) {
        assert loop.inEventLoop();
        if (state != State.CONNECTING && state != State.OPEN) {
            return;
        }
        output.add(src, offset, length);
        askFlush();
    }

    @Override
    public int queuedBytes() {
        return output.queuedBytes();
    }

    @Override
    public @Nullable Long oldestNanos() {
        if (output.age().isEmpty()) {
            return input.isEmpty() ? null : inputNanos;
        }
        long oldest = output.age().oldestNanos();
        return input.isEmpty() || oldest - inputNanos < 0 ? oldest : inputNanos;
    }

    @Override
    public @Nullable ByteBuf input() {
        return input.peekFirst();
    }

    @Override
    public void inputTaken() {
        ByteBuf first = input.peekFirst();
        if (first != null && !first.isReadable()) {
            letGo(input.removeFirst());
        }
    }

    @Override
    public void read() {
        if (mayRead() && reading.mayGo()) {
            readNow();
        }
    }

    private boolean mayRead() {
        return state == State.OPEN && !inputEnded;
    }

    private void readNow() {
        if (mayRead() && channel != null) {
            channel.read();
        }
    }

    @Override
    public void closeAfterFlush() {
        assert loop.inEventLoop();
        if (state != State.OPEN || output.queuedBytes() == 0) {
            close();
            return;
        }
        state = State.FLUSHING;
        reading.leave();
        dialer.lingers(this);
        events = null;
        dropInput();
        askFlush();
        watchFlush(output.takenBytes());
    }

    @Override
    public void close() {
        assert loop.inEventLoop();
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.FLUSHING) {
            dialer.lingersNoMore(this);
        }
        state = State.CLOSED;
        events = null;
        reading.leave();
        writing.leave();
        dropInput();
        output.drop();
        dialer.closed(this);
        if (channel != null) {
            var _ = channel.close();
        }
    }

    /// There is no FD for it.
    void refused() {
        Events target = events;
        close();
        if (target != null) {
            target.onFailure(ExitFailure.RESOURCES);
        }
    }

    /// The attempt to connect is over; `failure` is null when the server accepted.
    void connectDone(@Nullable Throwable failure) {
        if (state != State.CONNECTING) {
            return;
        }
        if (failure != null || channel == null || !channel.isActive()) {
            fail(ExitErrors.of(failure));
            return;
        }
        state = State.OPEN;
        traffic.opened();
        if (output.isGathered()) {
            askFlush();
        }
        if (events != null) {
            events.onConnected();
        }
    }

    /// The turn is over: hands everything gathered to the socket, unless it still has the last turn's. Where the
    /// relay's limit does not allow all of it, it hands over a share.
    void flush() {
        flushAsked = false;
        if (mayHand() && writing.mayGo()) {
            hand();
        }
    }

    private void flushNow() {
        try {
            if (mayHand()) {
                hand();
            }
        } catch (RuntimeException bug) {
            dialer.bug(this, bug);
        }
    }

    private boolean mayHand() {
        return output.mayHand() && (state == State.OPEN || state == State.FLUSHING);
    }

    private void hand() {
        if (channel != null) {
            output.hand(channel, writing);
        }
    }

    /// Ends the connection because of a bug of ours.
    void abort() {
        fail(ExitFailure.INTERNAL);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        channel.config()
                .setAutoRead(false)
                .setRecvByteBufAllocator(
                        new ThrottledReads(new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1), reading));
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (state == State.CLOSED) {
            var _ = ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        reading.took(bytes.readableBytes());
        if (reading.isCounted()) {
            traffic.read(bytes.readableBytes());
        }
        if (events == null || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        if (input.isEmpty()) {
            inputNanos = dialer.ticker().nanoTime();
        }
        input.addLast(bytes);
        // As a whole, however little is in it.
        dialer.memory().add(MemoryKind.STREAMS, bytes.capacity());
        events.onInput();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !inputEnded) {
            inputEnded = true;
            if (events != null) {
                events.onEnd();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state != State.CONNECTING) {
            fail(ExitErrors.of(null));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (state == State.CONNECTING && cause instanceof NotYetConnectedException) {
            // The socket was looked at too early; the attempt itself tells how it ends.
            return;
        }
        if (ExitErrors.isOurBug(cause)) {
            dialer.bug(this, cause);
        } else {
            fail(ExitErrors.of(cause));
        }
    }

    /// What became of a buffer that was handed over.
    private final class Written implements ExitOutput.Listener {
        @Override
        public void written(int bytes, @Nullable Throwable failure) {
            if (failure != null) {
                fail(ExitErrors.of(failure));
                return;
            }
            if (writing.isCounted()) {
                traffic.written(bytes);
            }
            if (state == State.FLUSHING && output.queuedBytes() == 0) {
                close();
                return;
            }
            if (output.mayHand()) {
                askFlush();
            }
            if (events != null) {
                events.onWritten(bytes);
            }
        }

        @Override
        public void bug(RuntimeException bug) {
            dialer.bug(ExitConnection.this, bug);
        }
    }

    private void fail(ExitFailure why) {
        Events target = events;
        close();
        if (target != null) {
            target.onFailure(why);
        }
    }

    private void askFlush() {
        if (!flushAsked && state != State.CONNECTING) {
            flushAsked = true;
            dialer.flushLater(this);
        }
    }

    private void watchFlush(long takenBefore) {
        var _ = loop.schedule(
                () -> {
                    if (state == State.FLUSHING && output.takenBytes() == takenBefore && !writing.isWaiting()) {
                        close();
                    } else if (state == State.FLUSHING) {
                        watchFlush(output.takenBytes());
                    }
                },
                FLUSH_STALL_SECONDS,
                TimeUnit.SECONDS);
    }

    private void dropInput() {
        for (ByteBuf buffer = input.pollFirst(); buffer != null; buffer = input.pollFirst()) {
            letGo(buffer);
        }
    }

    private void letGo(ByteBuf buffer) {
        dialer.memory().add(MemoryKind.STREAMS, -buffer.capacity());
        buffer.release();
    }
}
