package sallyport.engine.sim;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.link.ClearLinks;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.Log;
import sallyport.engine.world.Loops;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.Network;
import sallyport.engine.world.Storage;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;
import sallyport.engine.world.WorldOver;

/// A process on a machine of its own: its loops, its control tasks, its disk and its addresses. Time,
/// chance and the network are those of the simulation.
public final class SimMachine implements WorldOver, Loops, Workers, Network, Log {
    private final SimWorld world;
    private final String name;
    private final List<InetAddress> addresses;
    private final Storage storage;
    private final List<EventLoop> loops = new ArrayList<>();
    private final SimTasks tasks;

    /// @param addresses from the first of them its connections leave, unless they say otherwise
    /// @param storage what is on its disk already
    public SimMachine(SimWorld world, String name, int loops, List<InetAddress> addresses, MemoryStorage storage) {
        this.world = world;
        this.name = name;
        this.addresses = List.copyOf(addresses);
        this.storage = storage;
        for (int i = 0; i < loops; i++) {
            this.loops.add(new SimLoop(world, name + ".loop" + i));
        }
        tasks = new SimTasks(world, new SimLoop(world, name + ".tasks"));
        world.settle(this);
    }

    /// Links of its relays: clear pipes, all else as in reality.
    public static LinksMaker links() {
        return ClearLinks.maker(channel -> ((SimChannel) channel).peer());
    }

    /// The same. Somebody is told the name of each relay, and how to ask which link certificate it shows.
    public static LinksMaker links(BiConsumer<String, Supplier<String>> watcher) {
        return (settings, where, loop, pool, creates) -> {
            watcher.accept(settings.relay(), () -> settings.credentials().get().alias());
            return links().make(settings, where, loop, pool, creates);
        };
    }

    /// Its control tasks that are not over.
    public int tasksAlive() {
        return tasks.alive();
    }

    /// The power fails: nothing on it goes on, and who was connected hears of it. What was written stays
    /// on its disk, for another machine to begin with.
    public void crash() {
        tasks.die();
        world.net().crash(this);
        loops.forEach(loop -> ((SimLoop) loop).die());
        tasks.loop().die();
        world.leave(this);
    }

    /// Every connection of it breaks, and both ends hear of it by themselves.
    public void cutConnections() {
        world.net().cut(this);
    }

    boolean owns(SimLoop loop) {
        return tasks.loop() == loop || loops.contains(loop);
    }

    List<InetAddress> addresses() {
        return addresses;
    }

    @Override
    public World real() {
        return world;
    }

    @Override
    public Loops loops() {
        return this;
    }

    @Override
    public Workers workers() {
        return this;
    }

    @Override
    public Tasks tasks() {
        return tasks;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public Network network() {
        return this;
    }

    @Override
    public Log log() {
        return this;
    }

    @Override
    public void line(Level level, String relay, String text) {
        world.said(name, level, relay, text);
    }

    // Loops and workers

    @Override
    public List<EventLoop> all() {
        return loops;
    }

    @Override
    public void afterTurn(EventLoop loop, Runnable work) {
        world.afterTurn(loop, work);
    }

    @Override
    public <T> boolean submit(Kind kind, Callable<T> work, EventLoop loop, Answer<T> answer) {
        return world.submit(kind, work, loop, answer);
    }

    @Override
    public int waiting(Kind kind) {
        return 0;
    }

    @Override
    public int threads(Kind kind) {
        return loops.size();
    }

    // Network

    @Override
    public ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child) {
        return world.net().listen(loop, local, child);
    }

    @Override
    public ChannelFuture connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            int timeoutMillis,
            ChannelHandler handler) {
        return world.net().connect(loop, remote, source(source), timeoutMillis, handler);
    }

    @Override
    public ChannelFuture datagram(EventLoop loop, InetSocketAddress local, ChannelHandler handler) {
        return world.net().datagram(loop, local, handler);
    }

    @Override
    public List<InetSocketAddress> systemResolvers() {
        return world.net().systemResolvers();
    }

    @Override
    public List<InetAddress> interfaceAddresses() {
        return addresses;
    }

    @Override
    public ByteConnection open(InetSocketAddress remote, @Nullable InetAddress source, Duration timeout)
            throws IOException {
        return SimConnection.open(tasks, world.net(), remote, source(source), timeout);
    }

    private InetAddress source(@Nullable InetAddress wanted) {
        return wanted == null ? addresses.getFirst() : wanted;
    }
}
