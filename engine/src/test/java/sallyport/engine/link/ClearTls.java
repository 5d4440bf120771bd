package sallyport.engine.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.LinkCredentials;

/// A clear pipe with made-up facts, as the seam promises: both ends name the responder's certificate and export the
/// same bytes. The handshake is over when the channel is told [#DONE].
final class ClearTls implements LinkTls {
    /// Fire this into the pipeline to finish the TLS handshake.
    static final Object DONE = SslHandshakeCompletionEvent.SUCCESS;

    private final TestRelay self;
    private final TestRelay responder;
    private int ended;

    /// @param self whose links these are
    /// @param responder who accepts when we dial
    ClearTls(TestRelay self, TestRelay responder) {
        this.self = self;
        this.responder = responder;
    }

    /// Sessions that were ended.
    int ended() {
        return ended;
    }

    @Override
    public Session accept(ByteBufAllocator allocator) {
        return new ClearSession(self);
    }

    @Override
    public Session dial(ByteBufAllocator allocator, String serverName) {
        return new ClearSession(responder);
    }

    @Override
    public void close() {}

    private final class ClearSession implements Session {
        private final TestRelay shows;
        private boolean over;

        ClearSession(TestRelay shows) {
            this.shows = shows;
        }

        @Override
        public ChannelHandler handler() {
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.fireChannelRead(message);
                }
            };
        }

        @Override
        public byte[] responderCertificate() {
            return shows.credentials().tlsCertificateDer();
        }

        @Override
        public LinkCredentials presented() {
            return shows.credentials();
        }

        @Override
        public byte[] export(String label, byte[] context, int length) throws SSLException {
            if (over) {
                throw new SSLException("session ended");
            }
            return Hashes.sha256(
                    label.getBytes(StandardCharsets.US_ASCII),
                    context,
                    shows.credentials().tlsCertificateDer());
        }

        @Override
        public void end() {
            if (!over) {
                ended++;
            }
            over = true;
        }
    }
}
