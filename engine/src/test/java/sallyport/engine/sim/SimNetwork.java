package sallyport.engine.sim;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.ClosedNetwork;

/// Every connection there is: who listens where, how long bytes travel, in which pieces they come.
final class SimNetwork implements ClosedNetwork {
    /// What the network is like under one seed.
    ///
    /// @param latencyNanosMin shortest time of a piece on its way
    /// @param latencyNanosMax longest, but for stalls
    /// @param pieceBytesMax into what pieces writes fall apart; each is between one byte and this
    /// @param linkWindowBytes what a link holds in one direction until its receiver reads
    /// @param serverWindowBytes the same of other connections
    /// @param stallsPerMille how many of a thousand pieces are held up
    /// @param stallNanosMax for how long
    record Weather(
            long latencyNanosMin,
            long latencyNanosMax,
            int pieceBytesMax,
            int linkWindowBytes,
            int serverWindowBytes,
            int stallsPerMille,
            long stallNanosMax) {
        /// Fast lines without stalls, for long lives.
        static final Weather FAIR = new Weather(5_000_000, 60_000_000, 100_000, 262_144, 262_144, 0, 1);
    }

    private static final int FIRST_PORT = 20_000;
    private static final int PORT_MAX = 65_535;
    // Into how many pieces a write falls apart at most, on average.
    private static final int PIECES = 4;

    private final SimWorld world;
    private final SplittableRandom random;
    private final Weather weather;
    // It counts to the byte what nobody has released, so nobody needs to look for leaks of it.
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final Map<InetSocketAddress, SimListener> listeners = new HashMap<>();
    private final Set<InetSocketAddress> blackHoles = new LinkedHashSet<>();
    private final Set<SimChannel> open = new LinkedHashSet<>();
    private final Set<SimDatagram> sockets = new LinkedHashSet<>();
    // Local ends that were drawn and not closed.
    private final Set<InetSocketAddress> taken = new HashSet<>();
    private final Map<InetSocketAddress, SimDns> nameServers = new HashMap<>();
    private List<SimMachine> island = List.of();
    private int slowness = 1;
    private int channels;
    private int ports = FIRST_PORT;

    SimNetwork(SimWorld world, SplittableRandom random, Weather weather) {
        this.world = world;
        this.random = random;
        this.weather = weather;
    }

    // For tests

    /// Nothing that is sent there comes to anyone.
    void blackHole(InetSocketAddress address) {
        blackHoles.add(address);
    }

    void nameServer(InetSocketAddress address, SimDns dns) {
        nameServers.put(address, dns);
    }

    /// Ends of TCP connections that somebody holds.
    Set<SimChannel> open() {
        return open;
    }

    Set<SimDatagram> sockets() {
        return sockets;
    }

    int listeners() {
        return listeners.size();
    }

    /// Bytes of buffers that channels hold, or whoever they gave them to.
    long bufferBytes() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    // For channels

    UnpooledByteBufAllocator allocator() {
        return allocator;
    }

    /// @param to where the connection goes
    int windowBytes(InetSocketAddress to) {
        return to.getPort() == SimRelay.PORT ? weather.linkWindowBytes : weather.serverWindowBytes;
    }

    /// How much of what is left travels together: after some pieces, all of it.
    int pieceBytes(int left) {
        return chance(PIECES) ? left : Math.min(left, 1 + random.nextInt(weather.pieceBytesMax));
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /// When something sent now arrives.
    long arrivalNanos() {
        long nanos = slowness * random.nextLong(weather.latencyNanosMin, weather.latencyNanosMax + 1);
        if (random.nextInt(1000) < weather.stallsPerMille) {
            nanos += random.nextLong(weather.stallNanosMax);
        }
        return world.nanos() + nanos;
    }

    /// In one of the next turns.
    long soon() {
        return world.nanos() + random.nextLong(20_000);
    }

    void at(long nanos, SimChannel at, Runnable happened) {
        world.at(nanos, at.loop(), "net", happened);
    }

    void trace(String where, String what, int amount) {
        world.trace().add(world.nanos(), where, what, amount);
    }

    /// All connections that end at one of its loops break, and nobody listens there any more.
    void crash(SimMachine machine) {
        for (SimChannel channel : List.copyOf(open)) {
            if (machine.owns(channel.loop())) {
                channel.crash();
            }
        }
        for (SimDatagram socket : List.copyOf(sockets)) {
            if (machine.owns(socket.loop())) {
                closed(socket);
            }
        }
        listeners.values().removeIf(listener -> machine.owns(listener.loop()));
    }

    void cut(SimMachine machine) {
        for (SimChannel channel : List.copyOf(open)) {
            if (machine.owns(channel.loop())) {
                at(soon(), channel, channel::cut);
            }
        }
    }

    /// Between these machines and all others nothing passes any more, until the island is another one.
    void part(List<SimMachine> machines) {
        island = List.copyOf(machines);
        for (SimChannel channel : List.copyOf(open)) {
            SimChannel peer = channel.peer();
            if (peer != null && isParted(channel.loop(), peer.loop())) {
                at(soon(), channel, channel::cut);
            }
        }
    }

    /// Everything takes so many times as long on its way.
    void slow(int factor) {
        slowness = factor;
    }

    private boolean isParted(SimLoop one, SimLoop other) {
        return island.stream().anyMatch(machine -> machine.owns(one))
                != island.stream().anyMatch(machine -> machine.owns(other));
    }

    void opened(SimChannel channel) {
        open.add(channel);
    }

    void closed(SimChannel channel) {
        open.remove(channel);
        taken.remove(channel.localAddress());
    }

    void opened(SimDatagram socket) {
        sockets.add(socket);
    }

    void closed(SimDatagram socket) {
        sockets.remove(socket);
        taken.remove(socket.localAddress());
    }

    /// A long life needs more ports than there are: they are given in turn, and none that is held still.
    InetSocketAddress bindSource(@Nullable InetSocketAddress wanted) {
        if (wanted != null && wanted.getPort() != 0) {
            return wanted;
        }
        InetAddress ip = wanted == null ? InetAddress.getLoopbackAddress() : wanted.getAddress();
        while (true) {
            InetSocketAddress next = new InetSocketAddress(ip, ports);
            ports = ports == PORT_MAX ? FIRST_PORT : ports + 1;
            if (taken.add(next)) {
                return next;
            }
        }
    }

    void bind(InetSocketAddress address, SimListener listener) throws BindException {
        if (listeners.putIfAbsent(address, listener) != null) {
            throw new BindException("Address already in use");
        }
    }

    void unbind(InetSocketAddress address) {
        listeners.remove(address);
    }

    void dial(SimChannel dialing, InetSocketAddress to) {
        if (blackHoles.contains(to)) {
            return;
        }
        SimListener listener = listeners.get(to);
        if (listener == null) {
            at(arrivalNanos(), dialing, () -> dialing.connectFailed(new ConnectException("Connection refused")));
            return;
        }
        if (isParted(dialing.loop(), listener.loop())) {
            return;
        }
        world.at(arrivalNanos(), listener.loop(), "net", () -> {
            if (!dialing.isOpen() || !listener.isOpen()) {
                return;
            }
            SimChannel child = SimChannel.accepted(this, channels++, dialing, to);
            long answered = arrivalNanos();
            child.notBefore(answered);
            at(answered, dialing, dialing::connected);
            listener.accept(child);
        });
    }

    void datagram(SimDatagram from, DatagramPacket packet) {
        SimDns server = nameServers.get(packet.recipient());
        if (server == null) {
            return;
        }
        byte[] bytes = new byte[packet.content().readableBytes()];
        packet.content().getBytes(packet.content().readerIndex(), bytes);
        world.at(arrivalNanos(), world.outside(), "dns", () -> server.onDatagram(from, packet.recipient(), bytes));
    }

    /// An answer on its way to a socket of ours.
    void answer(SimDatagram to, InetSocketAddress from, byte[] bytes, long delayNanos) {
        world.at(arrivalNanos() + delayNanos, to.loop(), "dns", () -> to.arrive(from, bytes));
    }

    // For the engine

    @Override
    public ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child) {
        return new ServerBootstrap()
                .group(loop, loop)
                .channelFactory(() -> new SimListener(this))
                .childHandler(child)
                .bind(local);
    }

    @Override
    public ChannelFuture connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            int timeoutMillis,
            ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> new SimChannel(this, channels++))
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(handler);
        return source == null ? bootstrap.connect(remote) : bootstrap.connect(remote, new InetSocketAddress(source, 0));
    }

    @Override
    public ChannelFuture datagram(EventLoop loop, InetSocketAddress local, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> new SimDatagram(this, channels++))
                .handler(handler)
                .bind(local);
    }

    @Override
    public List<InetSocketAddress> systemResolvers() {
        return List.copyOf(nameServers.keySet());
    }

    @Override
    public List<InetAddress> interfaceAddresses() {
        return List.of();
    }
}
