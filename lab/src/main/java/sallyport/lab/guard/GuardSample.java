package sallyport.lab.guard;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Entropy;

/// The sampled guards, and among them the confirmed and the primary ones, as consensuses come and go (guard-spec
/// "Sampled guards", "Confirmed guards", "Primary guards").
final class GuardSample {
    private static final String VERSION = "Sallyport";
    // guard-spec: dates that are kept are made up to a tenth of the lifetime older.
    private static final int BACKDATE_SHARE = 10;
    // And that of a guard that is not listed any more, up to a fifth of the time it has left.
    private static final int UNLISTED_BACKDATE_SHARE = 5;
    private static final Comparator<SampledGuard> AS_SAMPLED = Comparator.comparingInt(guard -> guard.sampledIdx);

    private final Entropy entropy;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final int primariesWanted;
    /// In the order in which they were sampled.
    private final List<SampledGuard> sampled = new ArrayList<>();

    private List<SampledGuard> primary = List.of();
    private GuardListing listing = GuardListing.NONE;
    private GuardParameters parameters;
    private int nextSampledIdx;
    private boolean primaryIsStale = true;
    private boolean changed;

    /// @param kept of an earlier run
    /// @param nanoTime of a clock that only goes forward
    /// @param primariesWanted 0: as voted
    GuardSample(
            Entropy entropy, InstantSource clock, LongSupplier nanoTime, int primariesWanted, List<KeptGuard> kept) {
        this.entropy = entropy;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.primariesWanted = primariesWanted;
        this.parameters = GuardParameters.of(listing.parameters(), primariesWanted);
        kept.forEach(each -> sampled.add(new SampledGuard(each)));
        sampled.sort(AS_SAMPLED);
        nextSampledIdx = sampled.isEmpty() ? 0 : sampled.getLast().sampledIdx + 1;
        closeConfirmedGaps();
    }

    GuardParameters parameters() {
        return parameters;
    }

    List<SampledGuard> all() {
        return sampled;
    }

    /// Whether something that is to be kept is other than it was; asked, it is so no more.
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /// What is to be kept.
    List<KeptGuard> kept() {
        List<KeptGuard> kept = new ArrayList<>(sampled.size());
        for (SampledGuard guard : sampled) {
            kept.add(guard.kept(kept.size()));
        }
        return kept;
    }

    // As consensuses come

    /// This is the consensus now.
    @SuppressWarnings("ReferenceEquality") // each consensus makes another listing
    void update(GuardListing now) {
        if (now == listing) {
            return;
        }
        listing = now;
        parameters = GuardParameters.of(now.parameters(), primariesWanted);
        Instant time = clock.instant();
        if (now.isReasonablyLive(time)) {
            sampled.forEach(guard -> lookWhetherListed(guard, time));
            prune(time);
        }
        for (SampledGuard guard : sampled) {
            guard.filtered = guard.listed && now.has(guard.fingerprint);
        }
        closeConfirmedGaps();
        primaryIsStale = true;
    }

    private void lookWhetherListed(SampledGuard guard, Instant now) {
        boolean listed = listing.has(guard.fingerprint);
        boolean dated = !guard.unlistedSince.equals(KeptGuard.NEVER);
        if (listed != guard.listed || listed == dated) {
            guard.listed = listed;
            guard.unlistedSince = listed
                    ? KeptGuard.NEVER
                    : backdated(now, parameters.unlistedMax().dividedBy(UNLISTED_BACKDATE_SHARE));
            changed = true;
        }
    }

    private void prune(Instant now) {
        boolean pruned = sampled.removeIf(guard -> {
            if (isOver(guard, now)) {
                guard.removed = true;
                return true;
            }
            return false;
        });
        changed |= pruned;
    }

    private boolean isOver(SampledGuard guard, Instant now) {
        if (!guard.listed && guard.unlistedSince.isBefore(now.minus(parameters.unlistedMax()))) {
            return true;
        }
        return guard.confirmedOn.equals(KeptGuard.NEVER)
                ? guard.sampledOn.isBefore(now.minus(parameters.lifetime()))
                : guard.confirmedOn.isBefore(now.minus(parameters.confirmedLifetime()));
    }

    private Instant backdated(Instant now, Duration atMost) {
        return Instant.ofEpochSecond(now.getEpochSecond() - entropy.jitter(atMost.toSeconds()));
    }

    // Sampling

    /// The first usable guard that suits, in the order of the sample, which grows where too few are usable.
    @Nullable
    SampledGuard first(Predicate<SampledGuard> suits) {
        long now = nanoTime.getAsLong();
        sampled.forEach(guard -> guard.considerRetry(now));
        expand();
        for (SampledGuard guard : sampled) {
            if (guard.isUsable() && suits.test(guard)) {
                return guard;
            }
        }
        return null;
    }

    private void expand() {
        long usable = sampled.stream().filter(SampledGuard::isUsable).count();
        if (usable >= parameters.usableMin() || !listing.isReasonablyLive(clock.instant())) {
            return;
        }
        List<ListedGuard> others = new ArrayList<>(listing.guards());
        others.removeIf(other -> sampled.stream().anyMatch(guard -> guard.fingerprint.equals(other.fingerprint())));
        int max = parameters.sampleMax(listing.guards().size());
        while (usable < parameters.usableMin() && sampled.size() < max) {
            ListedGuard drawn = WeightedDraw.of(others, ListedGuard::weight, entropy);
            if (drawn == null) {
                return;
            }
            others.remove(drawn);
            add(drawn);
            usable++;
        }
    }

    private void add(ListedGuard drawn) {
        SampledGuard guard = new SampledGuard(new KeptGuard(
                drawn.fingerprint(),
                drawn.nickname(),
                backdated(clock.instant(), parameters.lifetime().dividedBy(BACKDATE_SHARE)),
                nextSampledIdx++,
                VERSION,
                KeptGuard.NEVER,
                true,
                KeptGuard.NEVER,
                KeptGuard.UNCONFIRMED,
                ""));
        guard.filtered = true;
        sampled.add(guard);
        changed = true;
    }

    // Confirmed guards

    /// Those that have worked, in the order in which they were sampled (proposal 310).
    List<SampledGuard> confirmed() {
        return sampled.stream().filter(SampledGuard::isConfirmed).toList();
    }

    /// It works for the first time.
    void confirm(SampledGuard guard) {
        guard.confirmedOn = backdated(clock.instant(), parameters.lifetime().dividedBy(BACKDATE_SHARE));
        guard.confirmedIdx = confirmed().size();
        primaryIsStale = true;
        changed = true;
    }

    private void closeConfirmedGaps() {
        List<SampledGuard> inOrder = sampled.stream()
                .filter(SampledGuard::isConfirmed)
                .sorted(Comparator.comparingInt(guard -> guard.confirmedIdx))
                .toList();
        for (int i = 0; i < inOrder.size(); i++) {
            changed |= inOrder.get(i).confirmedIdx != i;
            inOrder.get(i).confirmedIdx = i;
        }
    }

    // Primary guards

    /// Those that are tried before all others, the best first.
    List<SampledGuard> primary() {
        if (primaryIsStale) {
            primaryIsStale = false;
            updatePrimary();
        }
        return primary;
    }

    /// Confirmed ones first, then those that were primary already, then the first of the sample.
    private void updatePrimary() {
        int wanted = parameters.primaries();
        List<SampledGuard> next = new ArrayList<>();
        for (SampledGuard guard : confirmed()) {
            if (guard.filtered && next.size() < wanted) {
                next.add(guard);
            }
        }
        for (SampledGuard guard : primary) {
            if (guard.filtered && !guard.removed && next.size() < wanted && !next.contains(guard)) {
                next.add(guard);
            }
        }
        sampled.forEach(guard -> guard.primary = next.contains(guard));
        while (next.size() < wanted) {
            SampledGuard another = first(guard -> !guard.isConfirmed() && !guard.primary);
            if (another == null) {
                break;
            }
            another.primary = true;
            next.add(another);
        }
        // C tor sorts what has changed; what has not was sorted then.
        next.sort(AS_SAMPLED);
        primary = List.copyOf(next);
    }
}
