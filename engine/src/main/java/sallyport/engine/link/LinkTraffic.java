package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import sallyport.engine.accounting.LinkDirections;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.limits.Throttled;

/// Counts what goes through the socket, TLS included, as C tor's bandwidth history does: once per read and write. What
/// is over the relay's limit has passed nevertheless; the next bytes wait for it.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class LinkTraffic extends ChannelDuplexHandler {
    private final Links links;
    private final RelayStatistics statistics;
    private final LinkReading reading;
    private final Throttled writing;
    private final boolean ipv6;
    private final LinkDirections.Traffic traffic;

    LinkTraffic(Links links, Link link) {
        this.links = links;
        this.statistics = links.settings().statistics();
        this.reading = link.reading();
        this.writing = link.scheduler().writing();
        this.ipv6 = link.isIpv6();
        this.traffic = new LinkDirections.Traffic(ipv6);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            int length = bytes.readableBytes();
            if (reading.isCounted()) {
                long now = links.turnNanos();
                statistics.bandwidth().read(length, ipv6, now);
                countDirections(length, 0, now);
            }
            reading.onRead(length);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            int length = bytes.readableBytes();
            if (writing.isCounted()) {
                long now = links.turnNanos();
                statistics.bandwidth().written(length, ipv6, now);
                countDirections(0, length, now);
            }
            writing.took(length);
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
