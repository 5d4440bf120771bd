package sallyport.engine.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Stands before the TLS engine of one link until the peer's first bytes came and [TlsTurns] lets them through. While
/// they wait nothing more is read, so one read's worth is all that is held.
final class TlsGate extends ChannelInboundHandlerAdapter {
    private final TlsTurns turns;
    private final Link link;
    private final ArrayDeque<Object> held = new ArrayDeque<>(1);
    private @Nullable ChannelHandlerContext context;

    TlsGate(TlsTurns turns, Link link) {
        this.turns = turns;
        this.link = link;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean first = held.isEmpty();
        held.addLast(message);
        if (!first) {
            return;
        }
        if (turns.mayBegin()) {
            open();
        } else if (turns.await(this)) {
            link.reading().hold(LinkReading.Hold.TLS_TURN);
        } else {
            link.fail(LinkCounters.Kind.REFUSED_TLS_BUSY);
        }
    }

    /// Lets through what waited, and steps aside. Harmless when the connection is gone.
    void open() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || link.isClosed()) {
            return;
        }
        try {
            link.reading().release(LinkReading.Hold.TLS_TURN);
            for (Object message = held.pollFirst(); message != null; message = held.pollFirst()) {
                ctx.fireChannelRead(message);
            }
            ctx.fireChannelReadComplete();
            if (!ctx.isRemoved()) {
                ctx.pipeline().remove(this);
            }
        } catch (RuntimeException bug) {
            link.onBug(bug);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
        for (Object message = held.pollFirst(); message != null; message = held.pollFirst()) {
            ReferenceCountUtil.release(message);
        }
    }
}
