package sallyport.engine.link;

import java.util.concurrent.TimeUnit;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;

/// What NETINFO cells say of our clock. Any relay's opinion is counted; an authority's is told to the operator, for a
/// wrong clock makes descriptors that nobody accepts.
final class ClockSkew {
    // C tor's NETINFO_NOTICE_SKEW.
    static final long NOTICED_SECONDS = 3600;
    // C tor: a NETINFO that took longer says when it was sent, not what time it is.
    static final long DELAY_NANOS_MAX = TimeUnit.SECONDS.toNanos(180);

    private static final long QUIET_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Links links;
    private boolean told;
    private long toldNanos;

    ClockSkew(Links links) {
        this.links = links;
    }

    /// @param rsaDigest of the relay at the other end; its identity is proven
    /// @param delayNanos between our VERSIONS and its NETINFO
    void note(byte[] rsaDigest, long timestampSeconds, long delayNanos) {
        long ahead = links.world().clock().instant().getEpochSecond() - timestampSeconds;
        if (delayNanos >= DELAY_NANOS_MAX || Math.abs(ahead) <= NOTICED_SECONDS) {
            return;
        }
        links.counters().count(LinkCounters.Kind.CLOCKS_DIFFER);
        long now = links.turnNanos();
        if (isAuthority(rsaDigest) && (!told || now - toldNanos >= QUIET_NANOS)) {
            told = true;
            toldNanos = now;
            links.world()
                    .log()
                    .warn(
                            links.settings().relay(),
                            "our clock is " + Math.abs(ahead) + " s " + (ahead > 0 ? "ahead of" : "behind")
                                    + " that of the directory authority "
                                    + Hex.upper(rsaDigest) + ": set the clock of this host");
        }
    }

    private boolean isAuthority(byte[] rsaDigest) {
        KnownRelay known = links.settings().relays().get().byRsa(rsaDigest);
        return known != null && known.flags().contains("Authority");
    }
}
