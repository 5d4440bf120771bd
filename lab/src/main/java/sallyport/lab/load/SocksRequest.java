package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One SOCKS5 request, step by step: C tor answers only the last of several messages that come at once.
/// Removes itself when it was granted.
final class SocksRequest extends ByteToMessageDecoder {
    private static final int VERSION = 5;
    private static final int METHOD_USERNAME = 2;
    private static final int CONNECT = 1;
    private static final int RESOLVE = 0xF0;
    private static final int TYPE_IPV4 = 1;
    private static final int TYPE_NAME = 3;
    private static final int TYPE_IPV6 = 4;
    private static final int PORT_BYTES = 2;
    private static final int METHOD_ANSWER_BYTES = 2;
    private static final int NAME_ANSWER_BYTES = 2;
    private static final int HEAD_BYTES = 4;

    private enum Awaited {
        METHOD,
        NAME,
        ANSWER
    }

    private final byte[] user;
    private final ByteBuf request;
    private Awaited awaited = Awaited.METHOD;

    private SocksRequest(String user, ByteBuf request) {
        this.user = user.getBytes(StandardCharsets.US_ASCII);
        this.request = request;
    }

    static SocksRequest connect(String user, InetSocketAddress server) {
        byte[] address = server.getAddress().getAddress();
        ByteBuf out = head(CONNECT)
                .writeByte(address.length == 4 ? TYPE_IPV4 : TYPE_IPV6)
                .writeBytes(address);
        return new SocksRequest(user, out.writeShort(server.getPort()));
    }

    static SocksRequest resolve(String user, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuf out = head(RESOLVE).writeByte(TYPE_NAME).writeByte(bytes.length).writeBytes(bytes);
        return new SocksRequest(user, out.writeShort(0));
    }

    private static ByteBuf head(int command) {
        return Unpooled.buffer().writeByte(VERSION).writeByte(command).writeByte(0);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var _ = context.writeAndFlush(
                Unpooled.buffer().writeByte(VERSION).writeByte(1).writeByte(METHOD_USERNAME));
    }

    private void name(ChannelHandlerContext context) {
        // RFC 1929 wants a password of at least one byte.
        var _ = context.writeAndFlush(Unpooled.buffer()
                .writeByte(1)
                .writeByte(user.length)
                .writeBytes(user)
                .writeByte(1)
                .writeByte('x'));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        request.release();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        while (true) {
            switch (awaited) {
                case METHOD -> {
                    if (in.readableBytes() < METHOD_ANSWER_BYTES) {
                        return;
                    }
                    if (in.readByte() != VERSION || in.readByte() != METHOD_USERNAME) {
                        refuse(context, in, "no SOCKS with user names");
                        return;
                    }
                    awaited = Awaited.NAME;
                    name(context);
                }
                case NAME -> {
                    if (in.readableBytes() < NAME_ANSWER_BYTES) {
                        return;
                    }
                    if (in.readByte() != 1 || in.readByte() != 0) {
                        refuse(context, in, "user name refused");
                        return;
                    }
                    awaited = Awaited.ANSWER;
                    var _ = context.writeAndFlush(request.retain());
                }
                case ANSWER -> {
                    int length = answerLength(in);
                    if (length < 0 || in.readableBytes() < length) {
                        return;
                    }
                    int reply = in.getUnsignedByte(in.readerIndex() + 1);
                    in.skipBytes(length);
                    if (reply != 0) {
                        refuse(context, in, "SOCKS reply " + reply);
                        return;
                    }
                    context.fireUserEventTriggered(new NioStream.Opened());
                    context.pipeline().remove(this);
                    return;
                }
            }
        }
    }

    /// -1 where that cannot be told yet.
    private static int answerLength(ByteBuf in) {
        if (in.readableBytes() <= HEAD_BYTES) {
            return -1;
        }
        int at = in.readerIndex() + HEAD_BYTES;
        return HEAD_BYTES
                + PORT_BYTES
                + switch (in.getByte(at - 1)) {
                    case TYPE_IPV6 -> 16;
                    case TYPE_NAME -> 1 + in.getUnsignedByte(at);
                    default -> 4;
                };
    }

    private static void refuse(ChannelHandlerContext context, ByteBuf in, String reason) {
        in.skipBytes(in.readableBytes());
        context.fireUserEventTriggered(new NioStream.Refused(reason));
    }
}
