package sallyport.engine.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.CellPool;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.LinkCredentials;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.World;

/// Links whose TLS is a clear pipe, done as soon as the connection is there. Everything above it is the real thing.
public final class ClearLinks {
    private ClearLinks() {}

    /// @param credentialsAt who takes links at an address
    public static Links of(
            LinkSettings settings,
            World world,
            EventLoop loop,
            CellPool pool,
            CreateHandler creates,
            Function<SocketAddress, LinkCredentials> credentialsAt) {
        return new Links(
                settings,
                world,
                loop,
                pool,
                creates,
                new ClearPipe(settings, channel -> credentialsAt.apply(channel.remoteAddress())));
    }

    /// The same for whole relays: who takes a link says so by itself.
    ///
    /// @param farEnd the other end of a connection
    public static LinksMaker maker(Function<Channel, @Nullable Channel> farEnd) {
        return (settings, world, loop, pool, creates) -> new Links(
                settings,
                world,
                loop,
                pool,
                creates,
                new ClearPipe(settings, channel -> presentedBy(farEnd.apply(channel))));
    }

    private static @Nullable LinkCredentials presentedBy(@Nullable Channel end) {
        ClearSession session = end == null ? null : end.pipeline().get(ClearSession.class);
        return session == null ? null : session.responder;
    }

    private record ClearPipe(LinkSettings settings, Function<Channel, @Nullable LinkCredentials> credentialsAt)
            implements LinkTls {
        @Override
        public Session accept(ByteBufAllocator allocator) {
            return new ClearSession(settings.credentials().get(), credentialsAt);
        }

        @Override
        public Session dial(ByteBufAllocator allocator, String serverName) {
            return new ClearSession(null, credentialsAt);
        }

        @Override
        public void close() {}
    }

    private static final class ClearSession extends ChannelInboundHandlerAdapter implements LinkTls.Session {
        private final Function<Channel, @Nullable LinkCredentials> credentialsAt;
        private @Nullable LinkCredentials responder;
        private boolean over;

        ClearSession(@Nullable LinkCredentials responder, Function<Channel, @Nullable LinkCredentials> credentialsAt) {
            this.responder = responder;
            this.credentialsAt = credentialsAt;
        }

        @Override
        public ChannelHandler handler() {
            return this;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (responder == null) {
                responder = credentialsAt.apply(ctx.channel());
            }
            ctx.fireChannelActive();
            ctx.fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
        }

        @Override
        public byte[] responderCertificate() throws SSLException {
            return presented().tlsCertificateDer();
        }

        @Override
        public LinkCredentials presented() throws SSLException {
            LinkCredentials shown = responder;
            if (shown == null) {
                throw new SSLException("no handshake yet");
            }
            return shown;
        }

        @Override
        public byte[] export(String label, byte[] context, int length) throws SSLException {
            if (over) {
                throw new SSLException("session ended");
            }
            return Hashes.sha256(label.getBytes(StandardCharsets.US_ASCII), context, responderCertificate());
        }

        @Override
        public void end() {
            over = true;
        }
    }
}
