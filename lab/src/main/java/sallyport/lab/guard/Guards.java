package sallyport.lab.guard;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Entropy;

/// The entry guards of one client (guard-spec): which one the next circuit is to begin with, and what follows from how
/// circuits fare. A circuit through a primary guard may be used at once. One through another waits until all primary
/// guards are known to fail, and no better one is still being tried. Belongs to one thread.
public final class Guards {
    /// What becomes of a circuit that was built.
    public enum Verdict {
        /// It may be used.
        NOW,
        /// Better guards may yet prove to work: see [#settle].
        LATER,
        /// Its guard is none any more.
        NEVER
    }

    private final Entropy entropy;
    private final LongSupplier nanoTime;
    private final GuardSample sample;
    /// When something last came through the network; null: never.
    private @Nullable Long onlineNanos;

    /// @param clock dates what is kept
    /// @param nanoTime of a clock that only goes forward; what this run alone remembers goes by it
    /// @param primaries how many guards are tried before all others; 0: as voted
    /// @param kept what [#kept] gave an earlier run; empty: a first one
    public Guards(Entropy entropy, InstantSource clock, LongSupplier nanoTime, int primaries, List<KeptGuard> kept) {
        this.entropy = entropy;
        this.nanoTime = nanoTime;
        this.sample = new GuardSample(entropy, clock, nanoTime, primaries, kept);
    }

    /// What this run is to hand on to a later one.
    public List<KeptGuard> kept() {
        return sample.kept();
    }

    /// Whether [#kept] has changed since this was last asked.
    public boolean takeChanged() {
        return sample.takeChanged();
    }

    /// This is what the consensus says now. Cheap where it has not changed.
    public void update(GuardListing listing) {
        sample.update(listing);
    }

    // Choice

    /// The guard for the next circuit; null: there is none just now, and whoever wants one tries again in a while.
    /// Hand it back to [#succeeded], [#failed] or [#cancelled].
    ///
    /// @param allowed by fingerprint: whom this circuit may begin with
    public @Nullable GuardUse choose(Predicate<String> allowed) {
        long now = nanoTime.getAsLong();
        SampledGuard primary = choosePrimary(allowed, now);
        if (primary != null) {
            return new GuardUse(primary, allowed, GuardUse.State.USABLE_ON_COMPLETION, now);
        }
        SampledGuard other = chooseOther(allowed, now);
        if (other == null) {
            forgetFailures(allowed);
            return null;
        }
        other.pending = true;
        other.triedNanos = now;
        return new GuardUse(other, allowed, GuardUse.State.USABLE_IF_NO_BETTER_GUARD, now);
    }

    /// Of the first few that may be reached, any.
    private @Nullable SampledGuard choosePrimary(Predicate<String> allowed, long now) {
        List<SampledGuard> usable = new ArrayList<>();
        int considered = 0;
        for (SampledGuard guard : sample.primary()) {
            guard.considerRetry(now);
            boolean fits = allowed.test(guard.fingerprint);
            if (fits && guard.reachable != SampledGuard.Reachable.NO) {
                guard.triedNanos = now;
                usable.add(guard);
            }
            // Whom a circuit may not begin with counts as well: else the exit would tell the guard.
            if (!fits || guard.reachable != SampledGuard.Reachable.NO) {
                considered++;
            }
            if (considered >= sample.parameters().primariesToUse() && !usable.isEmpty()) {
                break;
            }
        }
        return WeightedDraw.of(usable, _ -> 1, entropy);
    }

    private @Nullable SampledGuard chooseOther(Predicate<String> allowed, long now) {
        for (SampledGuard guard : sample.confirmed()) {
            guard.considerRetry(now);
            if (!guard.primary && guard.isUsable() && !guard.isTaken() && allowed.test(guard.fingerprint)) {
                return guard;
            }
        }
        return sample.first(
                guard -> !guard.isConfirmed() && !guard.primary && !guard.isTaken() && allowed.test(guard.fingerprint));
    }

    /// guard-spec: "if USABLE_FILTERED_GUARDS is empty, we have exhausted all the sampled guards. In this case we
    /// proceed by marking all guards as <maybe> reachable so that we can keep on trying circuits." Those that are
    /// being tried do not count as exhausted.
    private void forgetFailures(Predicate<String> allowed) {
        if (sample.all().stream().noneMatch(guard -> guard.isUsable() && allowed.test(guard.fingerprint))) {
            sample.all().forEach(SampledGuard::maybeReachable);
        }
    }

    // How circuits fare

    /// Something came through the network.
    public void online() {
        onlineNanos = nanoTime.getAsLong();
    }

    /// The circuit was built.
    public Verdict succeeded(GuardUse use) {
        SampledGuard guard = use.guard;
        if (guard.removed) {
            return Verdict.NEVER;
        }
        long now = nanoTime.getAsLong();
        boolean wasSilent =
                onlineNanos == null || now - onlineNanos > sample.parameters().downNanos();
        onlineNanos = now;
        guard.reachable = SampledGuard.Reachable.YES;
        guard.failingSinceNanos = null;
        guard.pending = false;
        if (!guard.isConfirmed()) {
            sample.confirm(guard);
        }
        List<SampledGuard> primary = sample.primary();
        boolean waits = use.state() == GuardUse.State.USABLE_IF_NO_BETTER_GUARD && !guard.primary;
        use.become(waits ? GuardUse.State.WAITING_FOR_BETTER_GUARD : GuardUse.State.COMPLETE, now);
        // guard-spec: the primary guards failed while nothing worked, which says nothing of them.
        if (!guard.primary && wasSilent) {
            primary.forEach(SampledGuard::maybeReachable);
        }
        return waits ? Verdict.LATER : Verdict.NOW;
    }

    /// The guard could not be reached, or did not answer.
    public void failed(GuardUse use) {
        long now = nanoTime.getAsLong();
        SampledGuard guard = use.guard;
        guard.reachable = SampledGuard.Reachable.NO;
        guard.pending = false;
        if (guard.failingSinceNanos == null) {
            guard.failingSinceNanos = now;
        }
        use.become(GuardUse.State.DEAD, now);
    }

    /// The circuit ended, and that says nothing of its guard.
    public void cancelled(GuardUse use) {
        use.guard.pending = false;
        use.become(GuardUse.State.DEAD, nanoTime.getAsLong());
    }

    /// The circuit is to be used whatever other guards do.
    public void accept(GuardUse use) {
        use.become(GuardUse.State.COMPLETE, nanoTime.getAsLong());
    }

    // Circuits that wait

    /// The next of the waiting circuits that need not wait any longer; null: there is none. Ask again after each.
    ///
    /// @param all of the client's circuits
    public @Nullable GuardUse settle(Collection<GuardUse> all) {
        GuardUse best = null;
        for (GuardUse use : all) {
            if (use.isWaiting() && (best == null || use.guard.isBetterThan(best.guard))) {
                best = use;
            }
        }
        long now = nanoTime.getAsLong();
        if (best == null || mayReachPrimary(best)) {
            return null;
        }
        for (GuardUse other : all) {
            boolean built = other.isWorking();
            boolean tried = other.state() == GuardUse.State.USABLE_IF_NO_BETTER_GUARD
                    && other.ageNanos(now) < sample.parameters().connectNanos();
            if ((built || tried) && other.isBetterThan(best)) {
                return null;
            }
        }
        best.become(GuardUse.State.COMPLETE, now);
        return best;
    }

    /// Whether a primary guard that the waiting circuit could have had is not known to fail: a circuit through it is
    /// worth a try.
    public boolean mayReachPrimary(GuardUse waiting) {
        long now = nanoTime.getAsLong();
        for (SampledGuard guard : sample.primary()) {
            guard.considerRetry(now);
            if (guard.reachable != SampledGuard.Reachable.NO && waiting.allowed.test(guard.fingerprint)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the waiting circuit will never be used: a better guard works, or it has waited for too long.
    public boolean isVain(GuardUse waiting, Collection<GuardUse> all) {
        return waiting.isWaiting()
                && (waiting.ageNanos(nanoTime.getAsLong()) > sample.parameters().idleNanos()
                        || all.stream().anyMatch(other -> other.isWorking() && other.isBetterThan(waiting)));
    }
}
