package sallyport.engine.sim;

import io.netty.channel.ChannelId;

/// Netty's own ids are random.
record SimChannelId(int number) implements ChannelId {
    @Override
    public String asShortText() {
        return Integer.toString(number);
    }

    @Override
    public String asLongText() {
        return asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
        return Integer.compare(number, ((SimChannelId) other).number);
    }
}
