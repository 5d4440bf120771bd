package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import sallyport.engine.accounting.LinkDirections;
import sallyport.engine.accounting.RelayStatistics;

/// Counts what goes through the socket, TLS included, as C tor's bandwidth history does: once per read and write.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class LinkTraffic extends ChannelDuplexHandler {
    private final Links links;
    private final RelayStatistics statistics;
    private final boolean ipv6;
    private final LinkDirections.Traffic traffic;

    LinkTraffic(Links links, boolean ipv6) {
        this.links = links;
        this.statistics = links.settings().statistics();
        this.ipv6 = ipv6;
        this.traffic = new LinkDirections.Traffic(ipv6);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            long now = links.turnNanos();
            statistics.bandwidth().read(bytes.readableBytes(), ipv6, now);
            countDirections(bytes.readableBytes(), 0, now);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            long now = links.turnNanos();
            statistics.bandwidth().written(bytes.readableBytes(), ipv6, now);
            countDirections(0, bytes.readableBytes(), now);
        }
        ctx.write(message, promise);
    }

    private void countDirections(int read, int written, long now) {
        LinkDirections directions = statistics.linkDirections();
        if (directions != null) {
            directions.add(traffic, read, written, now);
        }
    }
}
