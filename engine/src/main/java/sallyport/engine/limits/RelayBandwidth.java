package sallyport.engine.limits;

import io.netty.channel.EventLoop;

/// How fast one relay reads and writes, both directions apart: by its own limits, and by its part of what
/// all relays of the process may. Runs on: the relay's loop.
public final class RelayBandwidth {
    private final BandwidthBudget budget;
    private final ByteLease readLease;
    private final ByteLease writeLease;
    private final Throttle reading;
    private final Throttle writing;
    private volatile BandwidthRates rates = BandwidthRates.UNLIMITED;

    /// Without limits of its own, until [#follow].
    ///
    /// @param onReadEmpty told when something could be read and may not, whatever its kind
    /// @param onWriteEmpty the same of writing
    RelayBandwidth(BandwidthBudget budget, EventLoop loop, Runnable onReadEmpty, Runnable onWriteEmpty) {
        this.budget = budget;
        readLease = budget.reading().open();
        writeLease = budget.writing().open();
        reading = new Throttle(loop, readLease, onReadEmpty);
        writing = new Throttle(loop, writeLease, onWriteEmpty);
        budget.enter(this);
    }

    /// Obeys these rates from now on; closes nothing.
    public void follow(BandwidthRates next) {
        rates = next;
        reading.follow(next);
        writing.follow(next);
    }

    /// Its own. From any thread.
    public BandwidthRates rates() {
        return rates;
    }

    /// What its descriptor may say of these limits. From any thread.
    public BandwidthRates promised(BandwidthRates own) {
        return budget.promised(own);
    }

    public Throttle reading() {
        return reading;
    }

    public Throttle writing() {
        return writing;
    }

    /// The relay has stopped; others have its part.
    void retire() {
        budget.leave(this);
        budget.reading().close(readLease);
        budget.writing().close(writeLease);
    }
}
