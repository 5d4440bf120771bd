package sallyport.engine.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One end of a TCP connection. What is written is taken while the receiver's window has room, cut into pieces that
/// arrive later and in order, and waits there until it is read. Ends by FIN, after everything sent, or by RST, which
/// takes along what the receiver has not read.
final class SimChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private enum State {
        NEW,
        CONNECTING,
        OPEN,
        CLOSED
    }

    private final SimNetwork network;
    private final SimChannelConfig config;
    private final String name;
    private State state = State.NEW;
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable SimChannel peer;
    private @Nullable ChannelPromise connecting;

    // What has arrived and nobody has read.
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private int readOffset;
    private boolean finArrived;
    private boolean readWanted;
    private boolean readScheduled;
    private boolean inputShutdown;

    // What is on its way to the peer, or waits there to be read.
    private int windowBytes;
    private int unreadBytes;
    private long lastArrivalNanos;
    private boolean blocked;
    private boolean finSent;

    SimChannel(SimNetwork network, int number) {
        super(null, new SimChannelId(number));
        this.network = network;
        this.name = "c" + number;
        this.config = new SimChannelConfig(this, network.allocator());
    }

    /// The accepting end of a connection.
    static SimChannel accepted(SimNetwork network, int number, SimChannel dialing, InetSocketAddress local) {
        SimChannel channel = new SimChannel(network, number);
        channel.state = State.OPEN;
        channel.local = local;
        channel.remote = dialing.local;
        channel.peer = dialing;
        channel.windowBytes = network.windowBytes(local);
        dialing.peer = channel;
        network.opened(channel);
        return channel;
    }

    SimLoop loop() {
        return (SimLoop) eventLoop();
    }

    // Connecting

    /// The peer has accepted. Runs on our loop.
    void connected() {
        ChannelPromise promise = connecting;
        if (state != State.CONNECTING || promise == null) {
            return;
        }
        connecting = null;
        state = State.OPEN;
        if (promise.trySuccess()) {
            pipeline().fireChannelActive();
        } else {
            unsafe().close(voidPromise());
        }
    }

    void connectFailed(IOException why) {
        ChannelPromise promise = connecting;
        if (state == State.CONNECTING && promise != null) {
            connecting = null;
            promise.tryFailure(why);
            unsafe().close(voidPromise());
        }
    }

    /// Nothing may arrive before that.
    void notBefore(long nanos) {
        lastArrivalNanos = Math.max(lastArrivalNanos, nanos);
    }

    // Sending

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws IOException {
        while (true) {
            Object message = in.current();
            if (message == null) {
                blocked = false;
                return;
            }
            ByteBuf bytes = (ByteBuf) message;
            int length = Math.min(bytes.readableBytes(), windowBytes - unreadBytes);
            if (length <= 0 && bytes.isReadable()) {
                blocked = true;
                return;
            }
            byte[] out = new byte[length];
            bytes.getBytes(bytes.readerIndex(), out);
            send(out);
            in.progress(length);
            bytes.skipBytes(length);
            if (!bytes.isReadable()) {
                in.remove();
            }
        }
    }

    private void send(byte[] bytes) {
        SimChannel to = peer;
        if (to == null || bytes.length == 0) {
            return;
        }
        network.trace(name, "send", bytes.length);
        unreadBytes += bytes.length;
        int from = 0;
        while (from < bytes.length) {
            int length = network.pieceBytes(bytes.length - from);
            byte[] piece = Arrays.copyOfRange(bytes, from, from + length);
            later(() -> to.arrive(piece));
            from += length;
        }
    }

    /// Runs something at the peer after all that was sent before.
    private void later(Runnable there) {
        SimChannel to = peer;
        if (to != null) {
            lastArrivalNanos = Math.max(lastArrivalNanos + 1, network.arrivalNanos());
            network.at(lastArrivalNanos, to, there);
        }
    }

    /// The receiver has read so many bytes: the window opens. RFC 1122 4.2.3.4: a sender waits for more than a crumb.
    private void windowOpened(int bytes) {
        unreadBytes -= bytes;
        if (blocked && state == State.OPEN && unreadBytes <= windowBytes / 2) {
            ((SimUnsafe) unsafe()).flushAgain();
        }
    }

    /// Sends FIN after what was written, and goes on reading.
    void finish() {
        if (state == State.OPEN && !finSent) {
            finSent = true;
            SimChannel to = peer;
            if (to != null) {
                later(to::arriveFin);
            }
        }
    }

    /// Ends the connection as a crash does: RST.
    void reset() {
        if (state == State.OPEN && !finSent) {
            finSent = true;
            sendReset();
        }
        unsafe().close(voidPromise());
    }

    private void sendReset() {
        SimChannel to = peer;
        if (to != null) {
            later(to::arriveReset);
        }
    }

    /// Its process is gone; the kernel tells the other end.
    void crash() {
        state = State.CLOSED;
        if (!finSent) {
            finSent = true;
            sendReset();
        }
        arrived.clear();
        network.closed(this);
    }

    /// The other end, once both know each other.
    @Nullable
    SimChannel peer() {
        return peer;
    }

    /// The path is cut: both ends hear of it by themselves.
    void cut() {
        arriveReset();
        SimChannel to = peer;
        if (to != null) {
            network.at(network.arrivalNanos(), to, to::arriveReset);
        }
    }

    // Receiving

    private void arrive(byte[] bytes) {
        if (state == State.CLOSED) {
            sendReset();
            return;
        }
        arrived.add(bytes);
        if (readWanted) {
            readIn();
        }
    }

    private void arriveFin() {
        if (state == State.CLOSED) {
            return;
        }
        finArrived = true;
        // As epoll with its EPOLLRDHUP: the end of input is read even if nobody asked.
        if (readWanted || network.chance(2)) {
            readIn();
        }
    }

    private void arriveReset() {
        if (state != State.OPEN) {
            return;
        }
        finSent = true;
        arrived.clear();
        pipeline().fireExceptionCaught(new SocketException("Connection reset"));
        unsafe().close(voidPromise());
    }

    private void readIn() {
        RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
        handle.reset(config);
        readWanted = false;
        boolean any = false;
        do {
            ByteBuf buffer = handle.allocate(config.getAllocator());
            handle.attemptedBytesRead(buffer.writableBytes());
            handle.lastBytesRead(fill(buffer));
            if (handle.lastBytesRead() == 0) {
                buffer.release();
                break;
            }
            any = true;
            handle.incMessagesRead(1);
            pipeline().fireChannelRead(buffer);
        } while (handle.continueReading() && state == State.OPEN);
        handle.readComplete();
        if (any) {
            pipeline().fireChannelReadComplete();
        } else if (finArrived && state == State.OPEN) {
            endOfInput();
        } else {
            readWanted = true;
        }
    }

    private int fill(ByteBuf buffer) {
        int read = 0;
        while (buffer.isWritable() && !arrived.isEmpty()) {
            byte[] first = arrived.getFirst();
            int length = Math.min(buffer.writableBytes(), first.length - readOffset);
            buffer.writeBytes(first, readOffset, length);
            readOffset += length;
            read += length;
            if (readOffset == first.length) {
                arrived.removeFirst();
                readOffset = 0;
            }
        }
        SimChannel sender = peer;
        if (read > 0 && sender != null) {
            int opened = read;
            network.trace(name, "read", read);
            network.at(network.arrivalNanos(), sender, () -> sender.windowOpened(opened));
        }
        return read;
    }

    private void endOfInput() {
        if (inputShutdown) {
            return;
        }
        inputShutdown = true;
        if (config.isAllowHalfClosure()) {
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            unsafe().close(voidPromise());
        }
    }

    // What Netty asks

    @Override
    protected void doBeginRead() {
        readWanted = true;
        if ((!arrived.isEmpty() || (finArrived && !inputShutdown)) && !readScheduled) {
            readScheduled = true;
            network.at(network.soon(), this, () -> {
                readScheduled = false;
                if (readWanted && state == State.OPEN) {
                    readIn();
                }
            });
        }
    }

    @Override
    protected void doClose() {
        State before = state;
        state = State.CLOSED;
        ChannelPromise promise = connecting;
        if (promise != null) {
            connecting = null;
            promise.tryFailure(new ClosedChannelException());
        }
        SimChannel to = peer;
        // A connection that is given up while it is being made may be there already for the other end.
        if (to != null && !finSent) {
            finSent = true;
            // Linux: who closes without having read everything sends RST.
            later(arrived.isEmpty() && before == State.OPEN ? to::arriveFin : to::arriveReset);
        }
        arrived.clear();
        network.closed(this);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new SimUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimLoop;
    }

    @Override
    protected void doBind(SocketAddress address) {
        local = network.bindSource((InetSocketAddress) address);
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    @Override
    public boolean isActive() {
        return state == State.OPEN;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public String toString() {
        return name + " " + local + " - " + remote + " " + state;
    }

    private final class SimUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            state = State.CONNECTING;
            connecting = promise;
            remote = (InetSocketAddress) to;
            windowBytes = network.windowBytes(remote);
            local = network.bindSource((InetSocketAddress) from);
            network.opened(SimChannel.this);
            var timeout = eventLoop()
                    .schedule(
                            () -> connectFailed(new ConnectTimeoutException("simulated")),
                            config.getConnectTimeoutMillis(),
                            TimeUnit.MILLISECONDS);
            promise.addListener(_ -> timeout.cancel(false));
            network.dial(SimChannel.this, remote);
        }

        void flushAgain() {
            flush0();
        }

        @Override
        protected void flush0() {
            // As with a socket: what waits for room waits until there is some.
            if (!blocked || unreadBytes <= windowBytes / 2) {
                super.flush0();
            }
        }
    }
}
