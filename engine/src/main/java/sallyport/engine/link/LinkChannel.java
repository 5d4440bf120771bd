package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;

/// The end of a link's pipeline: hands decrypted bytes to the framing, and cells to the handshake or the open link.
/// Every fault of the peer and every bug of ours that shows here closes this link and no more.
final class LinkChannel extends ChannelInboundHandlerAdapter implements CellFraming.Sink {
    private final Links links;
    private final Link link;
    private final LinkTls.Session tls;
    private final LinkHandshake.Outcome outcome;
    private final CellFraming framing;
    private @Nullable LinkHandshake handshake;

    LinkChannel(Links links, Link link, LinkTls.Session tls, LinkHandshake.Outcome outcome) {
        this.links = links;
        this.link = link;
        this.tls = tls;
        this.framing = new CellFraming(links.pool(), this);
        this.outcome = new LinkHandshake.Outcome() {
            @Override
            public boolean isExpected(PeerIdentity peer) {
                return outcome.isExpected(peer);
            }

            @Override
            public void onOpen(LinkPeer peer) {
                handshake = null;
                framing.handshakeOver();
                outcome.onOpen(peer);
            }
        };
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                beginHandshake(ctx);
            } else {
                tls.end();
                link.fail(LinkCounters.Kind.FAILED_TLS);
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            link.close();
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            link.onRead();
            framing.read(bytes);
        } catch (ProtocolViolation e) {
            violated(e);
        } catch (RuntimeException e) {
            links.onBug(link, e);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void onFixed(Cell cell) throws ProtocolViolation {
        LinkHandshake current = handshake;
        if (link.isOpen()) {
            link.receive(cell);
        } else if (current != null) {
            current.onFixed(cell);
        } else {
            cell.release();
        }
    }

    @Override
    public void onVariable(int circuitId, int command, byte[] body) throws ProtocolViolation {
        LinkHandshake current = handshake;
        if (current != null) {
            current.onVariable(circuitId, command, body);
        }
    }

    @Override
    public boolean isOpenForCells() {
        return !link.isClosed();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !link.isClosed()) {
            link.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        link.close();
        super.channelInactive(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        framing.close();
        tls.end();
        link.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException || cause instanceof SSLException) {
            link.fault("link: TLS error");
        } else if (cause instanceof IOException) {
            link.close();
        } else {
            links.onBug(link, cause);
        }
    }

    private void beginHandshake(ChannelHandlerContext ctx) {
        try {
            handshake = new LinkHandshake(links, link, ctx.channel(), framing, tls, outcome);
            handshake.start();
        } catch (SSLException e) {
            link.fault("link: TLS shows no certificate");
        }
    }

    private void violated(ProtocolViolation e) {
        links.settings().faults().count(e.what());
        if (link.isOpen()) {
            link.close();
        } else {
            link.fail(LinkCounters.Kind.FAILED_HANDSHAKE);
        }
    }
}
