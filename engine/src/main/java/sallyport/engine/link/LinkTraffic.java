package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/// Counts what goes through the socket, TLS included, as C tor's bandwidth history does: once per read and write.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class LinkTraffic extends ChannelDuplexHandler {
    private final Links links;

    LinkTraffic(Links links) {
        this.links = links;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            links.settings().bandwidth().read(bytes.readableBytes(), links.turnNanos());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            links.settings().bandwidth().written(bytes.readableBytes(), links.turnNanos());
        }
        ctx.write(message, promise);
    }
}
