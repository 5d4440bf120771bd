package sallyport.lab.guard;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One guard of the sample, with what is known of it in this run.
final class SampledGuard {
    /// Whether it can be reached.
    enum Reachable {
        YES,
        NO,
        /// Never tried, or so long ago that it may be tried again.
        MAYBE
    }

    final String fingerprint;
    final String nickname;
    final Instant sampledOn;
    final int sampledIdx;
    final String sampledBy;
    final String extra;

    Instant unlistedSince;
    boolean listed;
    Instant confirmedOn;
    int confirmedIdx;

    Reachable reachable = Reachable.MAYBE;
    /// Whether a circuit is on its way through it whose end is to be awaited; only of guards that are not primary.
    boolean pending;

    long triedNanos;

    @Nullable
    Long failingSinceNanos;

    /// Whether it may be used as far as the consensus goes.
    boolean filtered;

    boolean primary;
    boolean removed;

    SampledGuard(KeptGuard kept) {
        this.fingerprint = kept.fingerprint();
        this.nickname = kept.nickname();
        this.sampledOn = kept.sampledOn();
        this.sampledIdx = kept.sampledIdx();
        this.sampledBy = kept.sampledBy();
        this.extra = kept.extra();
        this.unlistedSince = kept.unlistedSince();
        this.listed = kept.listed();
        this.confirmedOn = kept.confirmedOn();
        this.confirmedIdx = kept.confirmedIdx();
    }

    /// What is to be kept of it, at that place of the sample.
    KeptGuard kept(int index) {
        return new KeptGuard(
                fingerprint,
                nickname,
                sampledOn,
                index,
                sampledBy,
                unlistedSince,
                listed,
                confirmedOn,
                confirmedIdx,
                extra);
    }

    boolean isConfirmed() {
        return confirmedIdx >= 0;
    }

    /// Whether what becomes of a circuit is to be awaited before there is another. One that works takes any number.
    boolean isTaken() {
        return pending && reachable != Reachable.YES;
    }

    /// Whether it may be used now.
    boolean isUsable() {
        return filtered && reachable != Reachable.NO;
    }

    /// Once it has been left alone for long enough after a failure, it may be tried again.
    void considerRetry(long nowNanos) {
        if (reachable == Reachable.NO) {
            long failing = failingSinceNanos == null ? 0 : nowNanos - failingSinceNanos;
            if (nowNanos - triedNanos >= RetrySchedule.pauseNanos(failing, primary)) {
                reachable = Reachable.MAYBE;
            }
        }
    }

    /// It is to be tried again. It goes on counting as failing.
    void maybeReachable() {
        if (reachable == Reachable.NO) {
            reachable = Reachable.MAYBE;
        }
    }

    /// Whether it is the better of the two (guard-spec "Updating the list of waiting circuits", entrynodes.c
    /// entry_guard_has_higher_priority).
    boolean isBetterThan(SampledGuard other) {
        if (this == other) {
            return false;
        }
        if (isConfirmed() || other.isConfirmed()) {
            return isConfirmed() && (!other.isConfirmed() || confirmedIdx < other.confirmedIdx);
        }
        return pending && (!other.pending || triedNanos - other.triedNanos < 0);
    }
}
