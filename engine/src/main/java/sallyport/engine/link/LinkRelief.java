package sallyport.engine.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;

/// Closes links that hold memory without serving anybody, when it is short. Runs on the links' loop.
final class LinkRelief {
    // Ours: an honest peer is done with its handshake by then, also on a slow line.
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Links links;

    LinkRelief(Links links) {
        this.links = links;
    }

    /// Unfinished handshakes, the oldest first: an honest peer is done within seconds.
    void trimHandshakes(long toBytes) {
        close(
                MemoryKind.HANDSHAKES,
                toBytes,
                link -> !link.isOpen(),
                link -> link.times().createdNanos());
    }

    /// Links whose peer has not read for longest.
    void trimOutput(long toBytes) {
        links.all().forEach(Link::countOutput);
        close(
                MemoryKind.LINK_OUTPUT,
                toBytes,
                link -> link.outputBytes() > 0,
                link -> link.times().lastReadyNanos());
    }

    /// Gives FDs back that another instance lacks: those of links that nobody uses, unfinished handshakes
    /// before others, and what is unused for longest first. Links with circuits stay.
    ///
    /// @param count how many at most
    void giveBackFds(int count) {
        long now = links.turnNanos();
        List<Link> unused = new ArrayList<>();
        for (Link link : links.all()) {
            if (link.isOpen() ? link.openCircuits() == 0 : now - link.times().createdNanos() >= HANDSHAKE_NANOS) {
                unused.add(link);
            }
        }
        unused.sort(Comparator.comparing(Link::isOpen)
                .thenComparingLong(link -> link.isOpen()
                        ? link.lastCircuitNanos(now) - now
                        : link.times().createdNanos() - now));
        for (Link link : unused.subList(0, Math.min(count, unused.size()))) {
            if (link.isOpen()) {
                links.counters().count(LinkCounters.Kind.CLOSED_FOR_FDS);
                link.close();
            } else {
                link.fail(LinkCounters.Kind.CLOSED_FOR_FDS);
            }
        }
    }

    private void close(MemoryKind kind, long toBytes, Predicate<Link> which, ToLongFunction<Link> sinceNanos) {
        long now = links.turnNanos();
        List<Link> found = new ArrayList<>();
        for (Link link : links.all()) {
            if (which.test(link)) {
                found.add(link);
            }
        }
        found.sort(Comparator.comparingLong(link -> sinceNanos.applyAsLong(link) - now));
        MemoryAccount memory = links.limits().memory();
        for (Link link : found) {
            if (memory.held(kind) <= toBytes) {
                return;
            }
            link.fail(LinkCounters.Kind.CLOSED_FOR_MEMORY);
        }
    }
}
