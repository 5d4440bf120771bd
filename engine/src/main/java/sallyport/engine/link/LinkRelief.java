package sallyport.engine.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.MostFirst;

/// Closes links that hold memory without serving anybody, when it is short. Runs on the links' loop.
final class LinkRelief {
    // Ours: an honest peer is done with its handshake by then, also on a slow line.
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Links links;

    LinkRelief(Links links) {
        this.links = links;
    }

    /// Unfinished handshakes: of the addresses that have most of them first, and of each the oldest, for an honest peer
    /// is done within seconds.
    void trimHandshakes(long toBytes) {
        close(MemoryKind.HANDSHAKES, toBytes, unfinished(0));
    }

    /// Those that are as old at least.
    private List<Link> unfinished(long ageNanosMin) {
        long now = links.turnNanos();
        List<Link> found = new ArrayList<>();
        for (Link link : links.all()) {
            if (!link.isOpen() && now - link.times().createdNanos() >= ageNanosMin) {
                found.add(link);
            }
        }
        return MostFirst.order(
                found,
                link -> link.peerAddress().network(),
                link -> now - link.times().createdNanos());
    }

    /// Links whose peer has not read for longest.
    void trimOutput(long toBytes) {
        links.all().forEach(Link::countOutput);
        long now = links.turnNanos();
        List<Link> stuck = new ArrayList<>();
        for (Link link : links.all()) {
            if (link.outputBytes() > 0) {
                stuck.add(link);
            }
        }
        stuck.sort(Comparator.comparingLong(link -> link.times().lastReadyNanos() - now));
        close(MemoryKind.LINK_OUTPUT, toBytes, stuck);
    }

    /// Gives FDs back that another instance lacks: those of links that nobody uses, unfinished handshakes
    /// before others, and what is unused for longest first. Links with circuits stay.
    ///
    /// @param count how many at most
    void giveBackFds(int count) {
        long now = links.turnNanos();
        List<Link> open = new ArrayList<>();
        for (Link link : links.all()) {
            if (link.isOpen() && link.openCircuits() == 0) {
                open.add(link);
            }
        }
        open.sort(Comparator.comparingLong(link -> link.lastCircuitNanos(now) - now));
        List<Link> unused = new ArrayList<>(unfinished(HANDSHAKE_NANOS));
        unused.addAll(open);
        for (Link link : unused.subList(0, Math.min(count, unused.size()))) {
            if (link.isOpen()) {
                links.counters().count(LinkCounters.Kind.CLOSED_FOR_FDS);
                link.close();
            } else {
                link.fail(LinkCounters.Kind.CLOSED_FOR_FDS);
            }
        }
    }

    private void close(MemoryKind kind, long toBytes, List<Link> inOrder) {
        MemoryAccount memory = links.limits().memory();
        for (Link link : inOrder) {
            if (memory.held(kind) <= toBytes) {
                return;
            }
            link.fail(LinkCounters.Kind.CLOSED_FOR_MEMORY);
        }
    }
}
