package sallyport.lab.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.directory.Authority;
import sallyport.engine.origin.ClientStream;
import sallyport.engine.sim.SimMachine;
import sallyport.engine.sim.SimWorld;
import sallyport.engine.world.MemoryStorage;
import sallyport.lab.client.ClientNetwork;
import sallyport.lab.client.ClientSettings;
import sallyport.lab.client.Isolation;
import sallyport.lab.client.LabClient;
import sallyport.lab.client.StreamUser;

/// Users of a simulated network: every few minutes each opens a new circuit and fetches something through
/// it from a server outside.
final class SimulatedUsers {
    private static final InetSocketAddress SERVER = new InetSocketAddress(address("6.6.6.6"), 80);
    private static final int USERS = 2;
    private static final long INTERVAL_MINUTES = 10;
    // A few windows of a stream would be more of the same.
    private static final int BYTES = 20_000;
    // One in turn for each fetch.
    private static final byte[] REQUEST = {1};

    private final SimMachine machine;
    private int ok;
    private int failed;
    private int wrong;
    private int all;

    private SimulatedUsers(SimWorld world) {
        machine = new SimMachine(world, "users", 1, List.of(address("7.7.7.7")), new MemoryStorage());
    }

    /// They join the network, and go on as long as it lives.
    static SimulatedUsers begin(SimWorld world, List<Authority> authorities) {
        SimMachine web = new SimMachine(world, "web", 1, List.of(SERVER.getAddress()), new MemoryStorage());
        var _ = web.listen(web.all().getFirst(), SERVER, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Page());
            }
        });
        SimulatedUsers users = new SimulatedUsers(world);
        users.machine.tasks().start("users", () -> {
            ClientNetwork network = ClientNetwork.join(users.machine, authorities, true, SimMachine.links());
            for (int i = 0; i < USERS; i++) {
                LabClient client = network.client(ClientSettings.DEFAULT.withName("user" + i));
                var _ = client.loop()
                        .scheduleAtFixedRate(
                                () -> users.fetch(client), INTERVAL_MINUTES + i, INTERVAL_MINUTES, TimeUnit.MINUTES);
            }
        });
        return users;
    }

    /// Fetches that brought all bytes since it was last asked.
    int takeOk() {
        int now = ok;
        ok = 0;
        return now;
    }

    /// Those that did not.
    int takeFailed() {
        int now = failed;
        failed = 0;
        return now;
    }

    /// Fetches that brought another byte than the server had sent, ever.
    int wrong() {
        return wrong;
    }

    /// All that were good, ever.
    int all() {
        return all;
    }

    private void fetch(LabClient client) {
        client.open(
                Isolation.by(new Object()),
                Destination.of(SERVER.getAddress().getAddress(), SERVER.getPort()),
                new Fetch());
    }

    private static InetAddress address(String ip) {
        return InetAddress.ofLiteral(ip);
    }

    /// What stands at that place of the page.
    private static byte at(int position) {
        return (byte) ((31 * position) >> 3);
    }

    private final class Fetch implements StreamUser {
        private @Nullable ClientStream stream;
        private int bytes;

        @Override
        public void connected(ClientStream opened) {
            stream = opened;
            ByteBuf request = Unpooled.wrappedBuffer(REQUEST);
            opened.send(request);
            request.release();
        }

        @Override
        public void data(byte[] array, int offset, int length) {
            for (int i = 0; i < length; i++) {
                if (array[offset + i] != at(bytes++)) {
                    wrong++;
                }
            }
        }

        @Override
        public void ended(EndReason reason) {
            if (reason == EndReason.DONE && bytes == BYTES && stream != null) {
                ok++;
                all++;
            } else {
                failed++;
            }
        }
    }

    /// Answers the first byte with all of the page.
    private static final class Page extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
            byte[] page = new byte[BYTES];
            for (int i = 0; i < BYTES; i++) {
                page[i] = at(i);
            }
            ctx.writeAndFlush(Unpooled.wrappedBuffer(page)).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
