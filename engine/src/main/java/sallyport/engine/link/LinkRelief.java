package sallyport.engine.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;

/// Closes links that hold memory without serving anybody, when it is short. Runs on the links' loop.
final class LinkRelief {
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
