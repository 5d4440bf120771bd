package sallyport.engine.exit;

import sallyport.engine.limits.Throttle;
import sallyport.engine.limits.Throttled;

/// One direction of one exit connection under the relay's limit. C tor counts them as its own traffic, not as relayed
/// one.
final class ExitThrottle extends Throttled {
    private final Runnable whenAllowed;
    private final boolean later;

    /// @param later whether the bytes pass after `whenAllowed` has returned
    ExitThrottle(Throttle throttle, boolean privateServer, boolean later, Runnable whenAllowed) {
        super(throttle, () -> false, privateServer);
        this.later = later;
        this.whenAllowed = whenAllowed;
    }

    @Override
    protected boolean go() {
        whenAllowed.run();
        return later;
    }
}
