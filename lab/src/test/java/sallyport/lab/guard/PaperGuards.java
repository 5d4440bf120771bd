package sallyport.lab.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.SeededEntropy;

/// Guards over a network of a few lines, whose time goes by when told.
final class PaperGuards {
    static final Instant BEGIN = Instant.parse("2026-11-21T12:00:00Z");

    final Map<String, Integer> voted = new HashMap<>();
    final Entropy entropy;
    Instant now = BEGIN;
    long nanos = 7;
    Guards guards;

    PaperGuards(long seed) {
        entropy = new SeededEntropy(seed);
        restart(List.of());
    }

    /// Another run, with what an earlier one has kept.
    void restart(List<KeptGuard> kept) {
        guards = new Guards(entropy, () -> now, () -> nanos, 0, kept);
    }

    void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    /// A consensus of now, that lists relays 0 to `count` but for those.
    void list(int count, String... without) {
        List<ListedGuard> listed = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> new ListedGuard(fingerprint(i), "relay" + i, 1_000))
                .toList());
        listed.removeIf(guard -> List.of(without).contains(guard.fingerprint()));
        guards.update(new GuardListing(listed, new NetworkParameters(voted), now, now.plus(Duration.ofHours(3))));
    }

    static String fingerprint(int number) {
        return "%040X".formatted(number + 1);
    }

    /// A guard for a circuit to anywhere.
    GuardUse choose() {
        return choose(_ -> true);
    }

    GuardUse choose(Predicate<String> allowed) {
        return guards.choose(allowed);
    }

    /// A circuit whose guard does not answer.
    String fail() {
        GuardUse use = choose();
        guards.failed(use);
        return use.fingerprint();
    }

    /// The first guards of the sample, the best first.
    List<String> primary(int count) {
        List<String> sampled =
                guards.kept().stream().map(KeptGuard::fingerprint).toList();
        return sampled.subList(0, count);
    }
}
