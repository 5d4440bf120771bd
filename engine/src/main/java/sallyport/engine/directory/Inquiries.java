package sallyport.engine.directory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.World;

/// Questions to the authorities that vote, and to those that are asked in their place: whom to ask, and what is made of
/// their silence and of their bad answers.
/// Used by the fetcher's one task.
final class Inquiries {
    // Ours: asks this many authorities in a row before it waits; one that is down then costs nothing.
    static final int AUTHORITIES_PER_ROUND = 3;
    // So that each round comes to an authority.
    private static final int FALLBACKS_PER_ROUND = AUTHORITIES_PER_ROUND - 1;
    private static final Duration WARN_AGAIN = Duration.ofHours(1);
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;

    private final World world;
    private final Authorities authorities;
    private final DirectoryTransport transport;
    private final FaultCounters faults = new FaultCounters();
    private final Map<String, Instant> warned = new HashMap<>();

    Inquiries(World world, Authorities authorities, DirectoryTransport transport) {
        this.world = world;
        this.authorities = authorities;
        this.transport = transport;
    }

    FaultCounters faults() {
        return faults;
    }

    /// A few fallbacks, then all authorities, each in random order.
    List<Authority> shuffled() {
        List<Authority> fallbacks = shuffled(authorities.fallbacks());
        List<Authority> order = new ArrayList<>(fallbacks.subList(0, Math.min(FALLBACKS_PER_ROUND, fallbacks.size())));
        order.addAll(shuffled(authorities.voting()));
        return order;
    }

    private List<Authority> shuffled(List<Authority> some) {
        List<Authority> order = new ArrayList<>(some);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, (int) world.entropy().jitter(i + 1L));
        }
        return order;
    }

    /// As many of them as are asked before the next wait.
    static List<Authority> ofOneRound(List<Authority> order) {
        return order.subList(0, Math.min(AUTHORITIES_PER_ROUND, order.size()));
    }

    /// The body of a 200; null for anything else, which is counted unless it is a 304.
    byte @Nullable [] get(Authority authority, DirectoryRequest request) throws InterruptedException {
        try {
            DirectoryResponse response = transport.exchange(authority, request);
            switch (response.status()) {
                case OK -> {
                    return response.body();
                }
                case NOT_MODIFIED -> world.log().debug("", authority.shown() + " has nothing newer");
                // What an authority says before its first consensus.
                case NOT_FOUND -> faults.count("directory: not found");
                default -> faults.count("directory: refused");
            }
        } catch (IOException e) {
            // A cancelled task meets its end here: cancelling closed the connection.
            world.tasks().sleep(Duration.ZERO);
            faults.count("directory: unreachable");
            world.log().debug("", authority.shown() + " gave no answer");
        }
        return null;
    }

    /// Counts a bad document, and names who sent it, in the log once an hour.
    void complain(Authority authority, String what) {
        faults.count("directory: bad document");
        String line = authority.shown() + " sent " + what + "; what we had stays in use";
        Instant now = world.clock().instant();
        Instant last = warned.get(line);
        if (last == null || last.plus(WARN_AGAIN).isBefore(now)) {
            warned.put(line, now);
            world.log().warn("", line);
        } else {
            world.log().debug("", line);
        }
    }
}
