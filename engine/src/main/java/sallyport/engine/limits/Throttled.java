package sallyport.engine.limits;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One direction of one connection, which a [Throttle] may hold back. Where the relay has no limit, asking costs
/// nothing that could be measured. Runs on: the relay's loop.
public abstract class Throttled {
    private final Throttle throttle;
    private final BooleanSupplier relays;
    private final boolean privatePeer;
    private @Nullable ByteBucket own;
    /// Whether it stands in the line among those that relay nothing.
    boolean standsAsOther;

    /// @param relays whether its bytes are relayed ones right now; may change at any time
    /// @param privatePeer whether the other end has a private address
    protected Throttled(Throttle throttle, BooleanSupplier relays, boolean privatePeer) {
        this.throttle = throttle;
        this.relays = relays;
        this.privatePeer = privatePeer;
    }

    /// Its turn has come after [#mayGo] had said no: passes about [#shareBytes], or nothing when there is nothing any
    /// more, and asks again. Returns whether they will pass later and not before this returns.
    protected abstract boolean go();

    /// Whether bytes may pass now. If not, [#go] is called once they may.
    public final boolean mayGo() {
        return !isLimited() || throttle.admits(this);
    }

    /// Whether anything ever holds it back.
    public final boolean isLimited() {
        return (own != null || throttle.isLimited()) && isCounted();
    }

    /// Whether its bytes count for limits, histories and quotas.
    public final boolean isCounted() {
        return !privatePeer || throttle.countsPrivate();
    }

    /// How many bytes should pass at once at most, before others have their turn.
    public final int shareBytes() {
        return isLimited() ? throttle.shareBytes(this) : Throttle.SHARE_BYTES_MAX;
    }

    /// So many bytes have passed, or are about to.
    public final void took(int bytes) {
        if (isLimited()) {
            throttle.took(bytes, this);
        }
    }

    /// Whether [#go] will be called.
    public final boolean isWaiting() {
        return throttle.holds(this);
    }

    /// The connection is over.
    public final void leave() {
        throttle.forget(this);
    }

    /// Limits this connection for itself.
    ///
    /// @param rate null: not at all
    public final void followOwn(@Nullable Rate rate) {
        ByteBucket before = own;
        if (rate == null) {
            own = null;
        } else if (before == null) {
            own = new ByteBucket(rate, throttle.nanos());
        } else if (!before.rate().equals(rate)) {
            before.follow(rate, throttle.nanos());
        }
    }

    final @Nullable ByteBucket own() {
        return own;
    }

    final boolean isRelayed() {
        return relays.getAsBoolean();
    }
}
