package sallyport.engine.limits;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Tally;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.world.World;

/// Keeps a client address that floods one relay with connections or circuits from taking what others need (dos-spec;
/// the numbers are the consensus'). An address is known here while it has a connection or has used up something, and
/// forgotten at the next [#forget] after that. Runs on: the relay's loop.
public final class ClientGuard {
    // Ours: some ten megabytes. Whoever has so many addresses is not stopped by counting them.
    static final int ADDRESSES_MAX = 65_536;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final World world;
    private final FaultCounters faults;
    private final Supplier<ClientRules> rules;
    private final Map<ClientAddress, Client> clients = new HashMap<>();

    private static final class Client {
        final TokenBucket connects;
        final TokenBucket circuits;
        int connections;
        int overflows;
        // 0: not marked.
        long connectsMarkedUntil;
        long circuitsMarkedUntil;

        Client(ClientRules rules, long nowSecond) {
            connects = new TokenBucket(rules.connections().burst(), nowSecond);
            circuits = new TokenBucket(rules.circuits().burst(), nowSecond);
        }
    }

    /// @param rules asked often: the answer should be at hand
    public ClientGuard(World world, FaultCounters faults, Supplier<ClientRules> rules) {
        this.world = world;
        this.faults = faults;
        this.rules = rules;
    }

    /// Whether a connection of the address may become a link.
    public boolean accepts(ClientAddress address) {
        ClientRules now = rules.get();
        Client client = clients.get(address);
        if (!now.connections().enabled() || client == null) {
            return true;
        }
        if (isMarked(client.connectsMarkedUntil)) {
            faults.count("connections of one address too fast");
            return !refuses(now.connections(), Tally.DOS_CONNECTION_REJECTED);
        }
        client.connectsMarkedUntil = 0;
        if (client.connections > now.connectionsMax()) {
            faults.count("too many connections of one address");
            return !refuses(now.connections(), Tally.DOS_CONCURRENT_CONNECTION_REJECTED);
        }
        return true;
    }

    /// A connection of the address became a link. Returns whether it is counted; then [#closed] is due once.
    ///
    /// It is counted whether or not anything is limited now: who defends himself against a flood that goes
    /// on wants the links counted that make it.
    public boolean connected(ClientAddress address) {
        ClientRules now = rules.get();
        Client client = clients.get(address);
        if (client == null) {
            if (clients.size() >= ADDRESSES_MAX) {
                if (now.connections().enabled() || now.circuits().enabled()) {
                    faults.count("more client addresses than are watched");
                }
                return false;
            }
            client = new Client(now, second());
            clients.put(address, client);
        }
        client.connections++;
        if (!now.connections().enabled()) {
            return true;
        }
        client.connects.refill(now.connections().perSecond(), now.connections().burst(), second());
        client.connects.take();
        if (client.connects.isEmpty() && client.connectsMarkedUntil == 0) {
            client.connectsMarkedUntil = markedUntil(now.connections());
        }
        return true;
    }

    /// A link that was counted ended, or turned out to be a relay's.
    public void closed(ClientAddress address) {
        Client client = clients.get(address);
        if (client != null && client.connections > 0) {
            client.connections--;
        }
    }

    /// Counts a CREATE of any kind, and says whether it may be answered.
    public boolean allowsCircuit(ClientAddress address) {
        ClientRules now = rules.get();
        Client client = watched(address, now);
        if (client == null) {
            return true;
        }
        client.circuits.refill(now.circuits().perSecond(), now.circuits().burst(), second());
        client.circuits.take();
        if (client.circuits.isEmpty() && client.connections >= now.circuitConnectionsMin()) {
            if (!isMarked(client.circuitsMarkedUntil)) {
                faults.tallies().count(Tally.DOS_ADDRESS_MARKED);
            }
            // Who goes on stays marked for longer.
            client.circuitsMarkedUntil = markedUntil(now.circuits());
        }
        if (!isMarked(client.circuitsMarkedUntil)) {
            return true;
        }
        faults.count("too many circuits of one address");
        return !refuses(now.circuits(), Tally.DOS_CIRCUIT_REJECTED);
    }

    /// A circuit of the address ended because more cells wait for its next hop than may.
    public void queueOverflowed(ClientAddress address) {
        ClientRules now = rules.get();
        Client client = watched(address, now);
        if (client == null || now.overflowsMax() == 0 || isMarked(client.circuitsMarkedUntil)) {
            return;
        }
        client.overflows++;
        if (client.overflows >= now.overflowsMax()) {
            client.overflows = 0;
            faults.tallies().count(Tally.DOS_ADDRESS_MARKED_FOR_QUEUES);
            client.circuitsMarkedUntil = markedUntil(now.circuits());
        }
    }

    /// Lets go of addresses of which nothing needs to be known any more. Due every few seconds.
    public void forget() {
        ClientRules now = rules.get();
        long second = second();
        clients.values().removeIf(client -> {
            client.connects.refill(
                    now.connections().perSecond(), now.connections().burst(), second);
            client.circuits.refill(now.circuits().perSecond(), now.circuits().burst(), second);
            return client.connections == 0
                    && !isMarked(client.connectsMarkedUntil)
                    && !isMarked(client.circuitsMarkedUntil)
                    && client.connects.isFull(now.connections().burst())
                    && client.circuits.isFull(now.circuits().burst());
        });
    }

    /// Addresses that are known at this moment.
    int watched() {
        return clients.size();
    }

    private @Nullable Client watched(ClientAddress address, ClientRules now) {
        return now.circuits().enabled() ? clients.get(address) : null;
    }

    /// Whether that is what follows; counted if so.
    private boolean refuses(ClientRules.Rate rate, Tally outcome) {
        if (rate.refuses()) {
            faults.tallies().count(outcome);
        }
        return rate.refuses();
    }

    private boolean isMarked(long until) {
        return until != 0 && until >= second();
    }

    /// Half the period more at most, so that nobody knows when it ends.
    private long markedUntil(ClientRules.Rate rate) {
        return second() + rate.periodSeconds() + 1 + world.entropy().jitter(Math.max(1, rate.periodSeconds() / 2));
    }

    private long second() {
        return world.ticker().nanoTime() / NANOS_PER_SECOND + 1;
    }
}
