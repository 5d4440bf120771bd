package sallyport.engine.link;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import sallyport.engine.limits.Throttle;
import sallyport.engine.limits.Throttled;
import sallyport.engine.limits.ThrottledReads;

/// Whether the socket of one link is read: not while anyone has a reason against it.
final class LinkReading extends Throttled {
    // Netty's own number of reads a turn.
    private static final int READS_MAX = 16;

    /// Why a socket is not read.
    enum Hold {
        /// Its TLS handshake waits for a turn.
        TLS_TURN,
        /// A worker looks at what the peer sent.
        HANDSHAKE,
        /// The relay has read as much as it may.
        RATE
    }

    private final Channel channel;
    private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    LinkReading(Channel channel, Throttle throttle, BooleanSupplier relays, boolean privatePeer) {
        super(throttle, relays, privatePeer);
        this.channel = channel;
    }

    /// Has the channel read no more at once than the limit wants. Before its first read.
    void install() {
        channel.config()
                .setRecvByteBufAllocator(
                        new ThrottledReads(new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_MAX), this));
    }

    void hold(Hold why) {
        if (holds.isEmpty()) {
            channel.config().setAutoRead(false);
        }
        holds.add(why);
    }

    void release(Hold why) {
        if (holds.remove(why) && holds.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    /// So many bytes came.
    void onRead(int bytes) {
        took(bytes);
        if (!mayGo()) {
            hold(Hold.RATE);
        }
    }

    @Override
    protected boolean go() {
        release(Hold.RATE);
        return true;
    }
}
