package sallyport.engine.sim;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndReason;
import sallyport.engine.dns.DnsTrust;
import sallyport.engine.dns.ResolverSettings;
import sallyport.engine.identity.LinkCredentials;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.Rate;
import sallyport.engine.link.LinkCounters;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.onionservice.OnionDuties;

/// One seed: relays, clients, servers and what befalls them; and afterwards the invariants.
final class Scenario {
    /// What came of a seed.
    ///
    /// @param failure null: every invariant held
    /// @param trace equal for equal runs
    /// @param counts what happened how often, for whoever wants to know whether enough did
    record Outcome(@Nullable String failure, long trace, long events, Map<String, Integer> counts, String lastLines) {}

    private static final long SECOND = 1_000_000_000L;
    // Long after the last timeout of anybody.
    private static final long CLIENTS_DONE_NANOS_MAX = 3600 * SECOND;
    private static final long IDLE_NANOS_MAX = 3 * 3600 * SECOND;
    private static final long LOOK_NANOS = 15 * SECOND;
    private static final long STILL_NANOS_MAX = 600 * SECOND;
    // Far more than any seed needs: a loop that keeps itself busy for ever is found by it.
    private static final long EVENTS_MAX = 3_000_000;
    // Handshakes do not wait, and each link may read a few cells that it has asked for.
    private static final long LIMIT_SLACK_BYTES = 100_000;
    private static final RelayAddress NAME_SERVER = new RelayAddress(new byte[] {(byte) 203, 0, 113, 53}, 53);
    private static final List<String> EXIT_POLICY = List.of("reject *:25", "accept *:*");

    private final SplittableRandom random;
    private final SimClimate climate;
    private final SimWorld world;
    private final HostLimits limits;
    private final SimServers servers;
    private final SimWishes wishes;
    private final List<CellPool> pools = new ArrayList<>();
    private final CellPool clientCells = new CellPool();
    private final List<SimRelay> relays = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimUse> uses = new ArrayList<>();
    private final Set<String> cuts = new HashSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private RelayIndex index = RelayIndex.EMPTY;
    private int keys;

    private Scenario(long seed, Trace trace) {
        SplittableRandom root = new SplittableRandom(seed);
        climate = SimClimate.of(root.split());
        random = root.split();
        world = new SimWorld(root.nextLong(), climate.loops(), climate.temper(), climate.weather(), trace);
        limits = HostLimits.of(world, 0);
        servers = new SimServers(world, root.split());
        wishes = new SimWishes(root.split(), climate.bytesMax(), climate.flood());
        SimDns dns = new SimDns(world.net(), root.split(), SimServers.IP);
        InetSocketAddress nameServer = NAME_SERVER.socket();
        world.net().nameServer(nameServer, dns);
        for (int i = 0; i < climate.loops(); i++) {
            pools.add(new CellPool());
        }
        onOutside(() -> {
            servers.start();
            var _ = world.network().listen(world.outside(), nameServer, dns.overTcp());
        });
    }

    /// @param inWords whether the outcome shall tell its last events
    static Outcome run(long seed, boolean inWords) {
        Trace trace = new Trace(inWords);
        Scenario scenario = new Scenario(seed, trace);
        try {
            scenario.play();
        } catch (RuntimeException | AssertionError e) {
            scenario.world.fail("threw " + e + " " + Arrays.toString(e.getStackTrace()));
        }
        String failure = scenario.world.failure();
        return new Outcome(
                failure == null
                        ? null
                        : failure + "\ncut: " + scenario.cuts + ", counted: " + scenario.faults() + "\n"
                                + scenario.climate + "\n" + scenario.uses,
                trace.hash(),
                scenario.world.done(),
                scenario.counts,
                trace.lastLines());
    }

    // What clients and servers ask

    SimWorld world() {
        return world;
    }

    SimServers servers() {
        return servers;
    }

    SimClimate climate() {
        return climate;
    }

    byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    long below(long bound) {
        return random.nextLong(bound);
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    int circWindow() {
        return climate.parameters().getOrDefault("circwindow", 1000);
    }

    /// How many cells a client has on their way under congestion control; relays take up to 1000.
    int congestionWindow(int increment) {
        return increment * (4 + below(900 / increment - 4));
    }

    /// How long a client keeps back what would let more come.
    long readerNanos() {
        return chance(20) ? below(climate.readerNanosMax()) : 0;
    }

    void later(long nanos, Runnable work) {
        at(world.nanos() + nanos, work);
    }

    void at(long nanos, Runnable work) {
        world.at(nanos, world.outside(), "client", work);
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    SimStream stream(SimCarrier circuit, int hop) {
        return new SimStream(this, circuit, hop, wishes.next(hop > 0), ++keys);
    }

    void onStreamOver() {
        List.copyOf(uses).forEach(SimUse::onStreamOver);
    }

    void onCircuitEnded() {
        for (SimClient client : clients) {
            if (uses.stream().noneMatch(use -> use.needs(client))) {
                later(below(SECOND), client::close);
            }
        }
    }

    /// Whether somebody cut the link to the guard.
    boolean isCut(SimClient client, SimRelay guard) {
        return cuts.contains(pair(client.address(), guard.address()));
    }

    /// Whether a circuit over this path may have been destroyed for this reason.
    boolean mayEnd(SimClient client, List<SimRelay> path, int reason) {
        if (climate.shortQueues() || (climate.slowWorkers() && reason != DestroyReason.TORPROTOCOL.code())) {
            return true;
        }
        RelayAddress from = client.address();
        for (SimRelay relay : path) {
            if (cuts.contains(pair(from, relay.address()))) {
                return true;
            }
            from = relay.address();
        }
        return false;
    }

    /// Whether one of these relays has closed a link that nobody used: its end may have crossed a CREATE2 of a relay
    /// that was just going to use it, as between relays of C tor.
    boolean closedUnused(List<SimRelay> path) {
        return path.stream().anyMatch(relay -> relay.links().counters().get(LinkCounters.Kind.CLOSED_UNUSED) > 0);
    }

    /// Whether any stream may end for that reason, whatever it wanted.
    boolean mayEnd(EndReason reason) {
        return reason == EndReason.RESOLVEFAILED && climate.stalls();
    }

    // The course of things

    private void play() {
        start();
        run(CLIENTS_DONE_NANOS_MAX, () -> clients.stream().allMatch(SimClient::isClosed));
        if (!clients.stream().allMatch(SimClient::isClosed)) {
            world.fail("the clients are not done");
            return;
        }
        run(IDLE_NANOS_MAX, () -> whatIsLeft().isEmpty());
        String left = whatIsLeft();
        if (!left.isEmpty()) {
            world.fail("still there when everyone has left: " + left);
            return;
        }
        relays.forEach(SimRelay::stop);
        run(STILL_NANOS_MAX, world::isStill);
        checkEnd();
    }

    private void start() {
        SimRelay.Surroundings around = new SimRelay.Surroundings(
                world,
                limits,
                parameters(),
                () -> index,
                new ResolverSettings(List.of(NAME_SERVER.socket()), 1000, 2, false, true),
                new DnsTrust(world),
                EXIT_POLICY,
                this::credentialsAt);
        for (int i = 0; i < climate.relays(); i++) {
            int loop = i % climate.loops();
            SimRelay relay = new SimRelay(i, world.loop(loop), pools.get(loop), around);
            relays.add(relay);
            relay.start();
        }
        if (climate.limited()) {
            relays.getFirst().follow(climate.limit());
        }
        index = SimIndex.of(relays);
        for (int i = 0; i < climate.clients(); i++) {
            SimClient client = new SimClient(world, i, relays.get(below(relays.size())), clientCells);
            clients.add(client);
            int circuits = 1 + below(3);
            for (int j = 0; j < circuits; j++) {
                SimVisit visit = visit(client, 100 * i + j + 1);
                uses.add(visit);
                later(SECOND + below(10 * SECOND), () -> client.whenOpen(visit.circuit()::build));
            }
            later(SECOND + below(SECOND), client::connect);
            if (!climate.calm() && chance(10)) {
                later(below(20 * SECOND), () -> {
                    cuts.add(pair(client.address(), client.guard().address()));
                    client.reset();
                });
            }
        }
        if (chance(3)) {
            meet();
        }
        if (clients.size() > 1 && chance(3)) {
            startSet();
        }
        for (int i = 0; i < climate.cuts(); i++) {
            later(SECOND + below(20 * SECOND), this::cutSomeLink);
        }
    }

    /// Has somebody visit an onion service; both are clients of their own.
    private void meet() {
        SimRelay point = relays.get(below(relays.size()));
        List<SimClient> ends = new ArrayList<>();
        List<List<SimRelay>> paths = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            List<SimRelay> others = new ArrayList<>(relays);
            others.remove(point);
            List<SimRelay> path = new ArrayList<>();
            int before = below(Math.min(3, relays.size()));
            while (path.size() < before) {
                path.add(others.remove(below(others.size())));
            }
            path.add(point);
            SimClient end = new SimClient(world, clients.size(), path.getFirst(), clientCells);
            clients.add(end);
            later(SECOND + below(SECOND), end::connect);
            ends.add(end);
            paths.add(path);
        }
        SimRendezvous meeting =
                new SimRendezvous(this, 9000, ends.getFirst(), paths.getFirst(), ends.getLast(), paths.getLast());
        uses.add(meeting);
        meeting.start();
    }

    private Supplier<NetworkParameters> parameters() {
        NetworkParameters parameters = new NetworkParameters(climate.parameters());
        return () -> parameters;
    }

    private SimVisit visit(SimClient client, int number) {
        List<SimRelay> others = new ArrayList<>(relays);
        others.remove(client.guard());
        int kind = below(20);
        int length = Math.min(relays.size(), kind == 0 ? 1 : kind < 6 ? 2 : kind < 18 ? 3 : 4);
        List<SimRelay> path = new ArrayList<>(List.of(client.guard()));
        while (path.size() < length) {
            path.add(others.remove(below(others.size())));
        }
        return new SimVisit(this, client, number, path, others);
    }

    /// The clients' links are one person's here: a leg over each.
    private void startSet() {
        List<SimRelay> exits = new ArrayList<>(relays);
        clients.forEach(client -> exits.remove(client.guard()));
        if (exits.isEmpty()) {
            return;
        }
        SimRelay exit = exits.get(below(exits.size()));
        SimSet set = new SimSet(this);
        uses.add(set);
        for (int i = 0; i < clients.size(); i++) {
            SimClient client = clients.get(i);
            List<SimRelay> path = new ArrayList<>(List.of(client.guard()));
            List<SimRelay> middles = new ArrayList<>(relays);
            middles.removeAll(List.of(client.guard(), exit));
            if (chance(2)) {
                path.add(middles.get(below(middles.size())));
            }
            path.add(exit);
            SimCircuit leg = set.leg(client, 100 * i + 90, path);
            later(SECOND + below(3 * SECOND), () -> client.whenOpen(leg::build));
        }
    }

    private void cutSomeLink() {
        List<SimChannel> links = world.net().open().stream()
                .filter(channel ->
                        channel.remoteAddress() instanceof InetSocketAddress to && to.getPort() == SimRelay.PORT)
                .toList();
        if (!links.isEmpty()) {
            SimChannel victim = links.get(below(links.size()));
            cuts.add(
                    pair(RelayAddress.of((InetSocketAddress) victim.localAddress()), RelayAddress.of((InetSocketAddress)
                            victim.remoteAddress())));
            count("links cut");
            world.in(0, victim.loop(), "cut", victim::cut);
        }
    }

    private static String pair(RelayAddress a, RelayAddress b) {
        return a.host().compareTo(b.host()) < 0 ? a.host() + " " + b.host() : b.host() + " " + a.host();
    }

    private LinkCredentials credentialsAt(SocketAddress address) {
        for (SimRelay relay : relays) {
            if (relay.socket().equals(address)) {
                return relay.credentials();
            }
        }
        throw new IllegalStateException("no relay there");
    }

    private void onOutside(Runnable work) {
        world.in(0, world.outside(), "start", work);
    }

    /// Until it is so, the time is over, or the seed has failed.
    private void run(long nanosMax, BooleanSupplier enough) {
        long end = world.nanos() + nanosMax;
        long nextLook = world.nanos();
        while (world.failure() == null && world.nanos() < end) {
            if (world.nanos() >= nextLook) {
                if (enough.getAsBoolean()) {
                    return;
                }
                nextLook = world.nanos() + LOOK_NANOS;
            }
            world.step(Math.min(end, nextLook));
            if (world.done() > EVENTS_MAX) {
                world.fail("more events than any seed needs");
            }
        }
    }

    // The invariants

    /// What idle relays do not have; empty when there is nothing of it.
    private String whatIsLeft() {
        Map<String, Integer> left = new TreeMap<>();
        for (SimRelay relay : relays) {
            left.merge("circuits", relay.circuits().open(), Integer::sum);
            OnionDuties.Counts duties = relay.circuits().onionDuties().counts();
            left.merge("onion duties", duties.rendezvousPoints() + duties.joined(), Integer::sum);
            left.merge("conflux sets", relay.circuits().confluxSets(), Integer::sum);
            left.merge("links", relay.links().count(), Integer::sum);
            left.merge("exit connections", relay.dialer().open(), Integer::sum);
            left.merge("DNS questions", relay.resolver().openQueries(), Integer::sum);
            left.merge("bytes counted", (int) relay.limits().memory().held(), Integer::sum);
            left.merge("FDs counted", relay.limits().fds().used(), Integer::sum);
            left.merge("circuits counted", relay.limits().circuits().used(), Integer::sum);
            left.merge("names", relay.resolver().cachedNames(), Integer::sum);
        }
        left.put("cells", pools.stream().mapToInt(CellPool::outstanding).sum() + clientCells.outstanding());
        left.put("connections", world.net().open().size());
        left.put("bytes of buffers", (int) world.net().bufferBytes());
        left.values().removeIf(count -> count == 0);
        return left.isEmpty() ? "" : left + " " + world.net().open();
    }

    private void checkEnd() {
        if (world.failure() != null) {
            return;
        }
        String left = whatIsLeft();
        if (!left.isEmpty()) {
            world.fail("still there after the relays stopped: " + left);
        } else if (!world.isStill()) {
            world.fail("something goes on after the relays stopped");
        } else if (!world.net().sockets().isEmpty() || world.net().listeners() != 2) {
            world.fail("sockets are open after the relays stopped");
        }
        checkLimit();
        faults().forEach((what, count) -> {
            counts.merge("fault: " + what, count.intValue(), Integer::sum);
            if (what.contains("own bug")) {
                world.fail(what);
            }
        });
    }

    /// A relay with a limit carries no more than it, but for the burst and what was on its way.
    private void checkLimit() {
        if (!climate.limited()) {
            return;
        }
        Rate rate = climate.limit().advertised();
        long most = rate.bytesPerSecond() + (rate.burstBytes() + LIMIT_SLACK_BYTES) / 10;
        long carried = relays.getFirst().observedBytesPerSecond();
        counts.merge("limited relays", 1, Integer::sum);
        if (carried > most) {
            world.fail("a relay carried " + carried + " bytes a second of " + most);
        } else if (carried > rate.bytesPerSecond() / 2) {
            counts.merge("limited relays that were busy", 1, Integer::sum);
        }
    }

    /// What the relays have counted against their peers, and against themselves.
    private Map<String, Long> faults() {
        Map<String, Long> faults = new TreeMap<>();
        for (SimRelay relay : relays) {
            relay.faults().snapshot().forEach((what, count) -> faults.merge(what, count, Long::sum));
        }
        return faults;
    }
}
