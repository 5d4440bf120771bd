package sallyport.engine.dns;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configured servers, asked in turn. One that stays silent is left out for a while, unless it is the only one.
final class Upstreams {
    // C tor: a server is down after 10 timeouts in a row.
    private static final int TIMEOUTS_MAX = 10;
    // Ours: long enough to spare clients its timeouts, short enough to notice its return.
    private static final long REST_NANOS = 10_000_000_000L;

    private static final class Health {
        int timeoutsInARow;
        long restsUntilNanos;
    }

    private final @Nullable DnsTrust trust;
    private final Map<InetSocketAddress, Health> health = new HashMap<>();
    private int next;

    /// @param trust hears when all are silent, and when one answers; null: nobody does
    Upstreams(@Nullable DnsTrust trust) {
        this.trust = trust;
    }

    /// Null when there is none at all.
    @Nullable
    InetSocketAddress pick(List<InetSocketAddress> servers, long nowNanos) {
        if (servers.isEmpty()) {
            return null;
        }
        if (health.size() > servers.size()) {
            health.keySet().retainAll(servers);
        }
        for (int i = 0; i < servers.size(); i++) {
            InetSocketAddress server = servers.get(Math.floorMod(next++, servers.size()));
            Health state = health.get(server);
            if (state == null || state.timeoutsInARow < TIMEOUTS_MAX || state.restsUntilNanos - nowNanos <= 0) {
                return server;
            }
        }
        if (trust != null) {
            trust.allSilent();
        }
        return servers.get(Math.floorMod(next++, servers.size()));
    }

    void answered(InetSocketAddress server) {
        health.remove(server);
        if (trust != null) {
            trust.answered();
        }
    }

    void timedOut(InetSocketAddress server, long nowNanos) {
        Health state = health.computeIfAbsent(server, _ -> new Health());
        state.timeoutsInARow++;
        state.restsUntilNanos = nowNanos + REST_NANOS;
    }
}
