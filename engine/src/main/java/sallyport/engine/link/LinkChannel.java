package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.world.Workers;

/// The end of a link's pipeline: hands decrypted bytes to the framing, and cells to the handshake or the open link.
/// Every fault of the peer and every bug of ours that shows here closes this link and no more.
final class LinkChannel extends ChannelInboundHandlerAdapter implements CellFraming.Sink, LinkHandshake.Patience {
    private final Links links;
    private final Link link;
    private final LinkTls.Session tls;
    private final LinkHandshake.Outcome outcome;
    private final CellFraming framing;
    private @Nullable LinkHandshake handshake;
    // While a worker looks at what the peer sent, the bytes behind it wait here, and no more are read.
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(1);
    private boolean paused;

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
        link.onRead();
        if (paused) {
            held.addLast(bytes);
        } else {
            read(bytes);
        }
    }

    private void read(ByteBuf bytes) {
        try {
            framing.read(bytes);
        } catch (ProtocolViolation e) {
            violated(e);
        } catch (RuntimeException e) {
            links.onBug(link, e);
        } finally {
            if (paused && !link.isClosed() && bytes.isReadable()) {
                held.addFirst(bytes);
            } else {
                bytes.release();
            }
        }
    }

    /// Has a worker do it, and reads nothing until it is done.
    @Override
    public <T> void await(Callable<T> work, LinkHandshake.Then<T> then) {
        paused = true;
        link.reading().hold(LinkReading.Hold.HANDSHAKE);
        boolean taken = links.world()
                .workers()
                .submit(Workers.Kind.CERTIFICATE, work, links.loop(), (value, failure) -> goOn(then, value, failure));
        if (!taken) {
            link.fail(LinkCounters.Kind.REFUSED_BUSY);
        }
    }

    private <T> void goOn(LinkHandshake.Then<T> then, @Nullable T value, @Nullable Throwable failure) {
        paused = false;
        if (!link.isClosed()) {
            try {
                then.done(value, failure);
            } catch (ProtocolViolation e) {
                violated(e);
            } catch (RuntimeException e) {
                links.onBug(link, e);
            }
        }
        while (!paused && !held.isEmpty()) {
            read(held.removeFirst());
        }
        if (!paused && !link.isClosed()) {
            link.reading().release(LinkReading.Hold.HANDSHAKE);
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
        return !link.isClosed() && !paused;
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
        held.forEach(ByteBuf::release);
        held.clear();
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
            handshake = new LinkHandshake(links, link, ctx.channel(), framing, tls, outcome, this);
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
