package sallyport.supervisor.launch;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Log;
import sallyport.supervisor.admin.ApplyWish;
import sallyport.supervisor.config.ApplySpec;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.Problem;
import sallyport.supervisor.fleet.Fleet;
import sallyport.supervisor.fleet.Renaming;
import sallyport.supervisor.fleet.Rollout;
import sallyport.supervisor.fleet.RolloutProgress;

/// Has the running fleet follow its source when that is asked for: a file at once, an applied state in
/// batches. It is asked from any thread, and works on the main one. Nothing of it is kept: a process that
/// ends on the way starts with the newest state as a whole, and `running` names a state only when all
/// relays follow it.
final class Takeover {
    private final FleetSource source;
    private final Fleet fleet;
    private final Renaming renaming;
    private final Signals signals;
    private final LongSupplier nanos;
    private final Log log;
    private long asked;
    private ApplyWish wish = ApplyWish.NOTHING;
    private volatile @Nullable RolloutProgress last;
    private @Nullable Rollout rollout;

    Takeover(FleetSource source, Fleet fleet, Renaming renaming, Signals signals, LongSupplier nanos, Log log) {
        this.source = source;
        this.fleet = fleet;
        this.renaming = renaming;
        this.signals = signals;
        this.nanos = nanos;
        this.log = log;
    }

    /// Asks for it as a signal does. Returns the number of the attempt that will do it.
    synchronized long ask(ApplyWish wanted) {
        wish = wanted;
        asked++;
        signals.reload();
        return asked;
    }

    /// The newest attempt; empty before the first.
    Optional<RolloutProgress> progress() {
        return Optional.ofNullable(last);
    }

    /// Begins, instead of what is under way. Returns what runs from now on.
    FleetSpec begin(FleetSpec before) throws InterruptedException {
        ApplyWish wanted = take();
        long attempt = attempt();
        rollout = null;
        try {
            FleetSpec spec = source.read();
            if (source.number() == 0) {
                fleet.reload(renaming.named(spec));
                over(RolloutProgress.done(attempt, 0));
            } else {
                ApplySpec pace = pace(spec.run().apply(), wanted);
                rollout = new Rollout(fleet, renaming.named(spec), pace, attempt, source.number(), nanos.getAsLong());
                look(rollout);
            }
            return spec;
        } catch (BadConfiguration e) {
            List<Problem> problems = e.problems();
            problems.forEach(problem -> log.error("", "reload: " + problem));
            refused(attempt, "nothing was changed, the relays go on as they are");
        } catch (IOException e) {
            refused(attempt, Failure.text(e) + "; nothing was changed");
        }
        return before;
    }

    boolean isUnderWay() {
        return rollout != null;
    }

    /// The next step of what is under way.
    void step() throws InterruptedException {
        Rollout now = rollout;
        if (now != null) {
            now.step(nanos.getAsLong());
            look(now);
        }
    }

    private synchronized ApplyWish take() {
        ApplyWish taken = wish;
        wish = ApplyWish.NOTHING;
        return taken;
    }

    /// A signal is an attempt, too, though nobody waits for its number.
    private synchronized long attempt() {
        RolloutProgress before = last;
        asked = Math.max(asked, before == null ? 1 : before.attempt() + 1);
        return asked;
    }

    private void look(Rollout now) {
        RolloutProgress progress = now.progress();
        if (progress.phase().isOver()) {
            rollout = null;
            over(progress);
        } else {
            last = progress;
        }
    }

    /// Whoever waits for the end finds the state noted as running.
    private void over(RolloutProgress progress) {
        if (progress.phase() == RolloutProgress.Phase.DONE) {
            source.taken(log);
        }
        last = progress;
    }

    private void refused(long attempt, String why) {
        log.error("", "reload: " + why);
        last = RolloutProgress.refused(attempt, source.number(), why);
    }

    private static ApplySpec pace(ApplySpec said, ApplyWish wish) {
        ApplySpec pace =
                wish.batch().isPresent() ? said.inBatchesOf(wish.batch().getAsInt()) : said;
        return wish.drainWithin().map(pace::drainingWithin).orElse(pace);
    }
}
