package sallyport.engine.limits;

/// How fast one relay may be, as its operator says.
///
/// @param all every connection together (C tor's `BandwidthRate`, `BandwidthBurst`)
/// @param relayed its links, those excepted that its own circuits use (C tor's `RelayBandwidthRate`,
/// `RelayBandwidthBurst`)
/// @param advertisedBytesPerSecondMax the most that the descriptor promises (C tor's
/// `MaxAdvertisedBandwidth`)
/// @param connectionBytesPerSecond what each link of a client, or of a relay that the consensus does not
/// list, has for itself (C tor's `PerConnBWRate`); 0: as the consensus has it
/// @param connectionBurstBytes the same of its burst (C tor's `PerConnBWBurst`)
/// @param countPrivate whether connections of private addresses are limited and counted as all others are
/// (C tor's `CountPrivateBandwidth`)
public record BandwidthRates(
        Rate all,
        Rate relayed,
        long advertisedBytesPerSecondMax,
        long connectionBytesPerSecond,
        long connectionBurstBytes,
        boolean countPrivate) {
    /// Nothing is held back, everything is counted.
    public static final BandwidthRates UNLIMITED =
            new BandwidthRates(Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED.bytesPerSecond(), 0, 0, true);

    /// The same with no more of everything than that.
    BandwidthRates allAtMost(Rate most) {
        return new BandwidthRates(
                all.atMost(most),
                relayed,
                advertisedBytesPerSecondMax,
                connectionBytesPerSecond,
                connectionBurstBytes,
                countPrivate);
    }

    /// The first two figures of the descriptor's `bandwidth` line.
    public Rate advertised() {
        Rate least = all.atMost(relayed);
        return new Rate(Math.min(least.bytesPerSecond(), advertisedBytesPerSecondMax), least.burstBytes());
    }
}
