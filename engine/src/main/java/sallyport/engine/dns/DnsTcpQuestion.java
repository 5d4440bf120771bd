package sallyport.engine.dns;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryEncoder;
import io.netty.handler.codec.dns.TcpDnsResponseDecoder;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// The same question over TCP, because the answer over UDP was truncated (RFC 1035 4.2.2). One connection, one answer.
final class DnsTcpQuestion {
    /// Takes the answer, borrowed; null when there was none.
    interface Done {
        void done(@Nullable DnsResponse response);
    }

    private final World world;
    private final DnsQuestion question;
    private @Nullable Done done;
    private @Nullable Channel channel;

    DnsTcpQuestion(World world, DnsQuestion question, Done done) {
        this.world = world;
        this.question = question;
        this.done = done;
    }

    /// @param timeoutMillis for connecting and answering together
    void ask(EventLoop loop, InetSocketAddress server, int timeoutMillis) {
        ChannelFuture connected = world.network().connect(loop, server, null, timeoutMillis, new Handlers());
        connected.addListener(_ -> loop.execute(() -> connected(connected)));
        var _ = loop.schedule(() -> finish(null), timeoutMillis, TimeUnit.MILLISECONDS);
    }

    void cancel() {
        done = null;
        finish(null);
    }

    private void connected(ChannelFuture connected) {
        if (!connected.isSuccess()) {
            finish(null);
        } else if (done == null) {
            var _ = connected.channel().close();
        } else {
            channel = connected.channel();
            DefaultDnsQuery query = new DefaultDnsQuery((int) world.entropy().jitter(65536));
            query.setRecursionDesired(true);
            query.addRecord(DnsSection.QUESTION, question);
            var _ = channel.writeAndFlush(query);
        }
    }

    private void finish(@Nullable DnsResponse response) {
        Done target = done;
        done = null;
        if (channel != null) {
            var _ = channel.close();
        }
        if (target != null) {
            target.done(response);
        }
    }

    private final class Handlers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel ch) {
            ch.pipeline().addLast(new TcpDnsQueryEncoder(), new TcpDnsResponseDecoder(), new Responses());
        }
    }

    private final class Responses extends SimpleChannelInboundHandler<DnsResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DnsResponse response) {
            finish(DnsReplies.answers(response, question) ? response : null);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            finish(null);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            finish(null);
        }
    }
}
