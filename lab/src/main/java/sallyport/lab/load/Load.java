package sallyport.lab.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// Users that come at the moments a seed decides, however slow those before them are served (open loop).
///
/// What is measured counts from the moment a visit was *to* begin, so a stall shows in the figures of all
/// who came meanwhile (no coordinated omission). Confined to the loop of its timeline, but for
/// [#result()].
public final class Load {
    private final LoadPlan plan;
    private final StreamOpener opener;
    private final Timeline timeline;
    private final Arrivals arrivals;
    private final SplittableRandom users;
    private final Map<Mix.Share, Tally> tallies = new LinkedHashMap<>();
    private final Tally uncounted = new Tally();
    private final CompletableFuture<Map<Mix.Share, Tally>> result = new CompletableFuture<>();
    private long begin;
    private int underWay;
    private boolean lastCame;

    public Load(LoadPlan plan, StreamOpener opener, Timeline timeline) {
        this.plan = plan;
        this.opener = opener;
        this.timeline = timeline;
        this.arrivals = new Arrivals(plan.mix(), plan.seed());
        this.users = new SplittableRandom(plan.seed());
        plan.mix().shares().forEach(share -> tallies.put(share, new Tally()));
    }

    /// Begins. On the loop, once.
    public void start() {
        begin = timeline.nanos();
        timeline.at(
                begin + plan.warmUp().plus(plan.duration()).toNanos(),
                () -> tallies.values().forEach(Tally::timeIsUp));
        awaitNext();
    }

    /// Completes when the last visit has ended, with what became of all that counted, in the order of the
    /// mix.
    public CompletableFuture<Map<Mix.Share, Tally>> result() {
        return result;
    }

    private void awaitNext() {
        Arrivals.Arrival next = arrivals.take();
        if (next.atNanos() >= plan.warmUp().plus(plan.duration()).toNanos()) {
            lastCame = true;
            endIfOver();
            return;
        }
        timeline.at(begin + next.atNanos(), () -> {
            come(next);
            awaitNext();
        });
    }

    private void come(Arrivals.Arrival arrival) {
        String user = "u" + users.nextInt(plan.users());
        Tally tally = arrival.atNanos() < plan.warmUp().toNanos()
                ? uncounted
                : tallies.getOrDefault(arrival.share(), uncounted);
        if (underWay == plan.visitsMax()) {
            tally.turnAway();
            return;
        }
        underWay++;
        new Visit(plan, opener, timeline, user, begin + arrival.atNanos(), tally, this::ended)
                .start(arrival.share().profile());
    }

    private void ended() {
        underWay--;
        endIfOver();
    }

    private void endIfOver() {
        if (lastCame && underWay == 0) {
            result.complete(tallies);
        }
    }
}
