package sallyport.lab.load;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// When who comes: the Poisson arrivals of a [Mix], decided by a seed before anything is measured.
final class Arrivals {
    private static final double NANOS = 1e9;

    /// One user.
    ///
    /// @param atNanos after the beginning of the load
    /// @param source where the next of their kind comes from
    record Arrival(long atNanos, Source source) {
        Mix.Share share() {
            return source.share;
        }
    }

    /// Users of one kind, each a chance time after the one before.
    record Source(Mix.Share share, SplittableRandom random) {
        Arrival after(long nanos) {
            double gap = -Math.log(1 - random.nextDouble()) / share.perSecond();
            return new Arrival(nanos + (long) (gap * NANOS), this);
        }
    }

    private final PriorityQueue<Arrival> next = new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos));

    Arrivals(Mix mix, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Mix.Share share : mix.shares()) {
            next.add(new Source(share, random.split()).after(0));
        }
    }

    /// The next one, whose time has not to be come.
    Arrival take() {
        Arrival arrival = next.remove();
        next.add(arrival.source.after(arrival.atNanos));
        return arrival;
    }
}
