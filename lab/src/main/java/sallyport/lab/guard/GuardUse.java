package sallyport.lab.guard;

import java.util.function.Predicate;

/// The guard of one circuit, from the choice to the end of the circuit. Belongs to the [Guards] that gave it.
public final class GuardUse {
    /// Where the circuit stands.
    enum State {
        /// Under way through a primary guard.
        USABLE_ON_COMPLETION,
        /// Under way through another.
        USABLE_IF_NO_BETTER_GUARD,
        /// Built, and better guards may still prove to work.
        WAITING_FOR_BETTER_GUARD,
        /// Built, and to be used.
        COMPLETE,
        /// The guard failed.
        DEAD
    }

    final SampledGuard guard;
    /// Whom this circuit could have had: nobody else can be better for it.
    final Predicate<String> allowed;

    private State state;
    private long sinceNanos;

    GuardUse(SampledGuard guard, Predicate<String> allowed, State state, long nowNanos) {
        this.guard = guard;
        this.allowed = allowed;
        this.state = state;
        this.sinceNanos = nowNanos;
    }

    /// 40 upper-case hexadecimal digits.
    public String fingerprint() {
        return guard.fingerprint;
    }

    /// Whether the circuit is built and may not be used yet.
    public boolean isWaiting() {
        return state == State.WAITING_FOR_BETTER_GUARD;
    }

    State state() {
        return state;
    }

    /// Whether it is used, and its guard takes more like it: an old circuit says nothing of a guard that has failed
    /// since.
    boolean isWorking() {
        return state == State.COMPLETE && guard.reachable != SampledGuard.Reachable.NO;
    }

    void become(State next, long nowNanos) {
        state = next;
        sinceNanos = nowNanos;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    /// Whether this circuit's guard would have been the better one for the other circuit.
    boolean isBetterThan(GuardUse other) {
        return other.allowed.test(guard.fingerprint) && guard.isBetterThan(other.guard);
    }
}
