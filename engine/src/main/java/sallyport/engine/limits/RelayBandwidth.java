package sallyport.engine.limits;

import io.netty.channel.EventLoop;

/// How fast one relay reads and writes, both directions apart. Runs on: the relay's loop.
public final class RelayBandwidth {
    private final Throttle reading;
    private final Throttle writing;
    private BandwidthRates rates = BandwidthRates.UNLIMITED;

    /// Without limits, until [#follow].
    ///
    /// @param onReadEmpty told when something could be read and may not, whatever its kind
    /// @param onWriteEmpty the same of writing
    public RelayBandwidth(EventLoop loop, Runnable onReadEmpty, Runnable onWriteEmpty) {
        reading = new Throttle(loop, onReadEmpty);
        writing = new Throttle(loop, onWriteEmpty);
    }

    /// Obeys these rates from now on; closes nothing.
    public void follow(BandwidthRates next) {
        rates = next;
        reading.follow(next);
        writing.follow(next);
    }

    public BandwidthRates rates() {
        return rates;
    }

    public Throttle reading() {
        return reading;
    }

    public Throttle writing() {
        return writing;
    }
}
