package sallyport.engine.link;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.PaddingCounts;
import sallyport.engine.cell.Cell;
import sallyport.engine.netdoc.NetworkParameters;

/// Padding of one link (padding-spec "Connection-level padding"): after a random silence of some seconds a PADDING
/// cell leaves, so that routers on the way write one record of the whole connection and not one for each burst.
///
/// Cells only set a time, elsewhere. One timer per padded link finds out at the earliest moment at which padding
/// could be due whether the link was silent, and only then draws how much longer to wait: the same spans as if each
/// cell had restarted it. Runs on the link's loop.
final class LinkPadding {
    /// The link version that brought it.
    static final int LINK_VERSION_MIN = 5;

    private static final int NEGOTIATE_VERSION = 0;
    private static final int STOP = 1;
    private static final int START = 2;

    // The parameters `nf_ito_low` and `nf_ito_high`, in milliseconds. Those of reduced padding are the client's: it
    // asks for silence here and pads alone.
    private static final int LOW_MILLIS_DEFAULT = 1500;
    private static final int HIGH_MILLIS_DEFAULT = 9500;
    private static final int SILENCE_MILLIS_MAX = 60_000;

    /// What the link has carried of circuits with more than one hop.
    private enum Use {
        NOTHING,
        CIRCUITS,
        TRAFFIC
    }

    private final Links links;
    private final Link link;
    // tor-spec link version 5: padding is on until the client says otherwise.
    private boolean stopped;
    private Use use = Use.NOTHING;
    private int askedLowMillis;
    private int askedHighMillis;

    private @Nullable ScheduledFuture<?> timer;
    private boolean drawn;
    private long drawnForNanos;
    private long dueNanos;

    LinkPadding(Links links, Link link) {
        this.links = links;
        this.link = link;
    }

    /// A circuit of more than one hop used the link: cells of RELAY_EARLY build it, those of RELAY are its traffic.
    void onCircuitCell(boolean early) {
        if (use == Use.TRAFFIC || (early && use == Use.CIRCUITS)) {
            return;
        }
        use = early ? Use.CIRCUITS : Use.TRAFFIC;
        reconsider();
    }

    /// Obeys a PADDING_NEGOTIATE cell; reads it only. Whoever sends one is heard, as by C tor.
    void onNegotiate(Cell cell) {
        if (link.version() < LINK_VERSION_MIN || cell.u8(0) != NEGOTIATE_VERSION) {
            links.settings().faults().count("link: PADDING_NEGOTIATE of another version");
            return;
        }
        switch (cell.u8(1)) {
            case START -> {
                links.counters().count(LinkCounters.Kind.PADDING_STARTED);
                stopped = false;
                askedLowMillis = cell.u16(2);
                askedHighMillis = cell.u16(4);
                drawn = false;
                cancel();
                reconsider();
            }
            case STOP -> {
                links.counters().count(LinkCounters.Kind.PADDING_STOPPED);
                stopped = true;
                cancel();
            }
            default -> links.settings().faults().count("link: PADDING_NEGOTIATE with an unknown command");
        }
    }

    /// Starts the timer if the link is to be padded and it does not run. Parameters change, so this is asked again now
    /// and then.
    void reconsider() {
        if (timer == null && isWanted()) {
            long silentNanos = links.turnNanos() - link.times().lastActiveNanos();
            arm(TimeUnit.MILLISECONDS.toNanos(lowMillis()) - silentNanos);
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
            counts().timerStopped();
        }
    }

    boolean isArmed() {
        return timer != null;
    }

    /// Whether the link's version has padding and the client does not want it gone.
    boolean isEnabled() {
        return !stopped && link.isOpen() && link.version() >= LINK_VERSION_MIN;
    }

    private void arm(long delayNanos) {
        counts().timerStarted();
        timer = links.loop().schedule(this::onTimer, Math.max(delayNanos, 0), TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        counts().timerStopped();
        try {
            if (isWanted()) {
                arm(padIfDue(links.turnNanos()));
            }
        } catch (RuntimeException bug) {
            link.onBug(bug);
        }
    }

    /// How long until the next look.
    private long padIfDue(long nowNanos) {
        long lowNanos = TimeUnit.MILLISECONDS.toNanos(lowMillis());
        if (link.scheduler().isBusy()) {
            drawn = false;
            return lowNanos;
        }
        long silentSince = link.times().lastActiveNanos();
        drawn &= drawnForNanos == silentSince;
        if (!drawn && nowNanos - silentSince >= lowNanos) {
            drawn = true;
            drawnForNanos = silentSince;
            dueNanos = silentSince + lowNanos + TimeUnit.MILLISECONDS.toNanos(drawMillis());
        }
        if (!drawn) {
            return silentSince + lowNanos - nowNanos;
        }
        if (nowNanos - dueNanos < 0) {
            return dueNanos - nowNanos;
        }
        drawn = false;
        link.scheduler().pad();
        return lowNanos;
    }

    /// What comes on top of the lower bound: the greater of two numbers, because both ends draw and the smaller of
    /// their silences counts.
    private long drawMillis() {
        int range = highMillis() - lowMillis();
        if (range <= 0) {
            return 0;
        }
        return Math.max(
                links.world().entropy().jitter(range), links.world().entropy().jitter(range));
    }

    /// C tor takes a relay that the consensus does not list for a client, and so do we.
    private boolean isWanted() {
        NetworkParameters parameters = parameters();
        boolean used =
                use == Use.TRAFFIC || (use == Use.CIRCUITS && parameters.get("nf_pad_before_usage", 0, 1, 1) == 1);
        return used
                && isEnabled()
                && (!links.isKnownRelay(link) || parameters.get("nf_pad_relays", 0, 1, 0) == 1)
                && (lowLimitMillis() > 0 || highLimitMillis() > 0);
    }

    /// A client may ask for more silence than the network's parameters, never for less.
    private int lowMillis() {
        return Math.max(lowLimitMillis(), askedLowMillis);
    }

    private int highMillis() {
        return Math.max(highLimitMillis(), askedHighMillis);
    }

    private int lowLimitMillis() {
        return parameters().get("nf_ito_low", 0, SILENCE_MILLIS_MAX, LOW_MILLIS_DEFAULT);
    }

    private int highLimitMillis() {
        return Math.max(lowLimitMillis(), parameters().get("nf_ito_high", 0, SILENCE_MILLIS_MAX, HIGH_MILLIS_DEFAULT));
    }

    private PaddingCounts counts() {
        return link.statistics().padding();
    }

    private NetworkParameters parameters() {
        return links.settings().parameters().get();
    }
}
