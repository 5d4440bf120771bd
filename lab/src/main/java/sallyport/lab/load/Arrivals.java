package sallyport.lab.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// When who comes: the Poisson arrivals of a [Mix], decided by a seed before anything is measured.
final class Arrivals {
    private static final double NANOS = 1e9;

    /// One user.
    ///
    /// @param atNanos after the beginning of the load
    record Arrival(long atNanos, Mix.Share share) {}

    private record Source(Mix.Share share, SplittableRandom random) {
        Arrival after(long nanos) {
            double gap = -Math.log(1 - random.nextDouble()) / share.perSecond();
            return new Arrival(nanos + (long) (gap * NANOS), share);
        }
    }

    private final PriorityQueue<Arrival> next = new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos));
    private final List<Source> sources = new ArrayList<>();

    Arrivals(Mix mix, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Mix.Share share : mix.shares()) {
            Source source = new Source(share, random.split());
            sources.add(source);
            next.add(source.after(0));
        }
    }

    /// The next one, whose time has not to be come.
    Arrival take() {
        Arrival arrival = next.remove();
        for (Source source : sources) {
            if (source.share == arrival.share) {
                next.add(source.after(arrival.atNanos));
            }
        }
        return arrival;
    }
}
