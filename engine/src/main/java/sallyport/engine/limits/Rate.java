package sallyport.engine.limits;

/// So many bytes a second in the long run, and so many at once; each direction for itself.
///
/// @param bytesPerSecond at least 1
/// @param burstBytes at least 1
public record Rate(long bytesPerSecond, long burstBytes) {
    /// C tor's default of `BandwidthRate` and `BandwidthBurst`, 1 GiB: what a descriptor says of a relay without
    /// limits.
    public static final Rate UNLIMITED = new Rate(1L << 30, 1L << 30);

    public Rate {
        if (bytesPerSecond < 1 || burstBytes < 1) {
            throw new IllegalArgumentException("a rate that lets nothing through");
        }
    }

    /// Whether nothing is held back by it: more than one loop can carry anyway.
    public boolean isUnlimited() {
        return equals(UNLIMITED);
    }

    /// The lesser figure of both, each for itself.
    public Rate atMost(Rate other) {
        return new Rate(Math.min(bytesPerSecond, other.bytesPerSecond), Math.min(burstBytes, other.burstBytes));
    }

    /// The greater figure of both, each for itself.
    public Rate atLeast(Rate other) {
        return new Rate(Math.max(bytesPerSecond, other.bytesPerSecond), Math.max(burstBytes, other.burstBytes));
    }
}
