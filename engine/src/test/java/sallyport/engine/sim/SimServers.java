package sallyport.engine.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Writer;

/// The servers that exits connect to. A client says at the beginning of a connection how many bytes it will send, how
/// many it wants, and how it wants to be treated; every byte has the value that its position demands.
final class SimServers {
    /// How a server behaves.
    enum Manner {
        /// Takes all, sends all, and ends.
        PLAIN(0),
        /// As PLAIN, but rests between reads.
        SLOW(1),
        /// Sends all and ends, whatever of the upload has come.
        HASTY(2),
        /// Ends with RST after half of what it has to send.
        RESETTING(3);

        private static final List<Manner> ALL = List.of(values());

        /// The byte that a client says.
        private final int code;

        Manner(int code) {
            this.code = code;
        }

        static Manner of(int code) {
            return ALL.get(code);
        }
    }

    /// Bytes of what a client says first: manner (1), key (4), upload (4), download (4).
    static final int REQUEST = 13;

    static final byte[] IP = {(byte) 203, 0, 113, 5};
    static final int PORT = 80;
    /// Nobody listens.
    static final int REFUSED_PORT = 81;
    /// Nothing answers.
    static final int SILENT_PORT = 82;
    /// The exit policy refuses it.
    static final int FORBIDDEN_PORT = 25;

    private static final int CHUNK = 4096;
    private static final long REST_NANOS_MAX = 2_000_000_000L;

    private final SimWorld world;
    private final SplittableRandom random;
    private final Map<Integer, Long> uploaded = new HashMap<>();

    SimServers(SimWorld world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    static InetSocketAddress address(int port) {
        return new RelayAddress(IP, port).socket();
    }

    void start() {
        var _ = world.network().listen(world.outside(), address(PORT), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Visit((SimChannel) channel));
            }
        });
        world.net().blackHole(address(SILENT_PORT));
    }

    static byte[] request(Manner manner, int key, int upload, int download) {
        return new Writer(REQUEST)
                .u8(manner.code)
                .u32(key & 0xffffffffL)
                .u32(upload)
                .u32(download)
                .toBytes();
    }

    /// The byte at a position of a conversation.
    static byte at(int key, int position) {
        int mixed = (key + position) * 0x9e3779b1;
        return (byte) (mixed >>> 21);
    }

    /// Bytes that came in for a conversation.
    long uploaded(int key) {
        return uploaded.getOrDefault(key, 0L);
    }

    private final class Visit extends ChannelInboundHandlerAdapter {
        private final SimChannel channel;
        private final byte[] request = new byte[REQUEST];
        private int requestBytes;
        private Manner manner = Manner.PLAIN;
        private int key;
        private int upload;
        private int download;
        private int taken;
        private int given;
        private boolean over;

        Visit(SimChannel channel) {
            this.channel = channel;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                while (in.isReadable() && requestBytes < REQUEST) {
                    request[requestBytes++] = in.readByte();
                    if (requestBytes == REQUEST) {
                        requested();
                    }
                }
                while (in.isReadable()) {
                    take(in.readByte());
                }
            } finally {
                in.release();
            }
            if (requestBytes == REQUEST) {
                uploaded.put(key, (long) taken);
                give();
            }
            if (manner == Manner.SLOW && !over) {
                rest();
            }
        }

        private void requested() {
            manner = Manner.of(request[0]);
            key = int32(1);
            upload = int32(5);
            download = int32(9);
        }

        private void take(byte value) {
            if (taken >= upload || value != SimServers.at(~key, taken)) {
                throw new AssertionError("a server got a wrong byte at " + taken + " of " + upload);
            }
            taken++;
        }

        private void give() {
            int end = manner == Manner.RESETTING ? download / 2 : download;
            while (!over && given < end && channel.isWritable()) {
                byte[] chunk = new byte[Math.min(CHUNK, end - given)];
                for (int i = 0; i < chunk.length; i++) {
                    chunk[i] = SimServers.at(key, given + i);
                }
                given += chunk.length;
                var _ = channel.writeAndFlush(
                        channel.alloc().buffer(chunk.length).writeBytes(chunk));
            }
            if (!over && given == end && manner == Manner.RESETTING) {
                over = true;
                channel.reset();
            } else if (!over && given == end && (manner == Manner.HASTY || taken == upload)) {
                over = true;
                var _ = channel.writeAndFlush(channel.alloc().buffer(0)).addListener(_ -> channel.finish());
            }
        }

        /// Reads nothing for a while.
        private void rest() {
            channel.config().setAutoRead(false);
            world.in(
                    random.nextLong(REST_NANOS_MAX),
                    world.outside(),
                    "server",
                    () -> channel.config().setAutoRead(true));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (requestBytes == REQUEST) {
                give();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                var _ = ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof AssertionError wrong) {
                world.fail(wrong.getMessage());
            }
            var _ = ctx.close();
        }

        private int int32(int at) {
            return (request[at] & 0xff) << 24
                    | (request[at + 1] & 0xff) << 16
                    | (request[at + 2] & 0xff) << 8
                    | (request[at + 3] & 0xff);
        }
    }
}
