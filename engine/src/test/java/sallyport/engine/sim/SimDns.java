package sallyport.engine.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import sallyport.engine.bytes.Writer;

/// A name server that does what the first label of a name asks of it. All names have the address of the servers.
final class SimDns {
    /// What a name does; its first letters name it.
    enum Answer {
        /// An address.
        GOOD,
        /// An address, after some seconds.
        SLOW,
        /// Nothing at first.
        LOSSY,
        /// No such name.
        NONE,
        /// An address, over TCP only.
        TRUNCATED,
        /// The same question in other letters, another id and another sender come first, with a wrong address.
        FORGED,
        /// The server is not well.
        SERVFAIL,
        /// Nothing at all.
        SILENT;

        String host(int number) {
            return name().toLowerCase(Locale.ROOT) + number + ".sim.test";
        }

        /// Whether an address comes out in the end.
        boolean isFound() {
            return this != NONE && this != SERVFAIL && this != SILENT;
        }
    }

    private static final int TYPE_A = 1;
    private static final int TTL_SECONDS = 300;
    private static final int TRUNCATED_FLAG = 0x0200;
    private static final int RCODE_SERVFAIL = 2;
    private static final int RCODE_NXDOMAIN = 3;
    private static final int HEADER = 12;
    private static final byte[] WRONG_IP = {(byte) 203, 0, 113, 66};

    private final SimNetwork network;
    private final SplittableRandom random;
    private final byte[] ip;

    SimDns(SimNetwork network, SplittableRandom random, byte[] ip) {
        this.network = network;
        this.random = random;
        this.ip = ip;
    }

    void onDatagram(SimDatagram from, InetSocketAddress server, byte[] query) {
        switch (answer(query)) {
            case GOOD -> network.answer(from, server, found(query, ip), 0);
            case SLOW -> network.answer(from, server, found(query, ip), random.nextLong(3_000_000_000L));
            case LOSSY -> {
                if (random.nextInt(3) == 0) {
                    network.answer(from, server, found(query, ip), 0);
                }
            }
            case NONE -> network.answer(from, server, reply(query, RCODE_NXDOMAIN, null), 0);
            case TRUNCATED -> network.answer(from, server, reply(query, TRUNCATED_FLAG, null), 0);
            case FORGED -> {
                byte[] forged = found(query, WRONG_IP);
                forged[HEADER + 1] ^= 0x20;
                network.answer(from, server, forged, 0);
                byte[] otherId = found(query, WRONG_IP);
                otherId[0] ^= 1;
                network.answer(from, server, otherId, 0);
                InetSocketAddress stranger = new InetSocketAddress(server.getAddress(), server.getPort() + 1);
                network.answer(from, stranger, found(query, WRONG_IP), 0);
                network.answer(from, server, found(query, ip), 500_000_000L);
            }
            case SERVFAIL -> network.answer(from, server, reply(query, RCODE_SERVFAIL, null), 0);
            case SILENT -> {}
        }
    }

    /// Takes questions over TCP.
    ChannelHandler overTcp() {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TcpQuestions());
            }
        };
    }

    private final class TcpQuestions extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (in.readableBytes() >= 2 && in.readableBytes() >= 2 + in.getUnsignedShort(in.readerIndex())) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readBytes(query);
                byte[] found = found(query, ip);
                var _ = ctx.writeAndFlush(ctx.alloc()
                        .buffer(found.length + 2)
                        .writeShort(found.length)
                        .writeBytes(found));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var _ = ctx.close();
        }
    }

    private static Answer answer(byte[] query) {
        String label = new String(query, HEADER + 1, query[HEADER], StandardCharsets.US_ASCII);
        return Answer.valueOf(label.replaceAll("[0-9]", "").toUpperCase(Locale.ROOT));
    }

    /// The address, where one is asked for; else nothing of the kind.
    private static byte[] found(byte[] query, byte[] address) {
        int end = questionEnd(query);
        boolean a = (query[end - 4] << 8 | query[end - 3]) == TYPE_A;
        return reply(query, 0, a ? address : null);
    }

    private static byte[] reply(byte[] query, int flags, byte @org.jspecify.annotations.Nullable [] address) {
        Writer out = new Writer();
        out.bytes(query, 0, 2)
                .u16(0x8180 | flags)
                .u16(1)
                .u16(address == null ? 0 : 1)
                .u16(0)
                .u16(0);
        out.bytes(query, HEADER, questionEnd(query) - HEADER);
        if (address != null) {
            // RFC 1035 4.1.4: the name is that of the question.
            out.u16(0xc000 | HEADER).u16(TYPE_A).u16(1).u32(TTL_SECONDS).u16(4).bytes(address);
        }
        return out.toBytes();
    }

    private static int questionEnd(byte[] query) {
        int at = HEADER;
        while (query[at] != 0) {
            at += 1 + query[at];
        }
        return at + 5;
    }
}
