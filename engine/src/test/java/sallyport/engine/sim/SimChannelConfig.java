package sallyport.engine.sim;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/// A configuration that knows half-closed connections, as every configuration of sockets does.
final class SimChannelConfig extends DefaultChannelConfig {
    private boolean allowHalfClosure;

    SimChannelConfig(Channel channel, ByteBufAllocator allocator) {
        super(channel);
        setAllocator(allocator);
    }

    boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
            allowHalfClosure = (Boolean) value;
            return true;
        }
        return super.setOption(option, value);
    }
}
