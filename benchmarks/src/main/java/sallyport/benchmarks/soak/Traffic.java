package sallyport.benchmarks.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/// A bounded number of clients' users, each doing one exchange after the other until told to stop.
final class Traffic {
    private static final int PAUSE_MILLIS_MAX = 300;
    private static final int NO_CIRCUIT_PAUSE_MILLIS = 200;
    private static final String CLOSED_CIRCUIT = "a closed circuit";
    private static final String LOST_CLIENT = "a client off the network";
    private static final String KILLED_RELAY = "a killed relay";
    private static final String STOPPED_SERVER = "a stopped server";
    private static final String STOPPED_RESOLVER = "a stopped resolver";
    private static final String CLOSED_STREAM = "a closed stream";
    private static final String UNLISTED_RELAY = "a relay that a consensus left out";
    // After these the circuit is of no use.
    private static final Set<String> CIRCUIT_CAUSES = Set.of(CLOSED_CIRCUIT, LOST_CLIENT, KILLED_RELAY, UNLISTED_RELAY);

    private final List<SoakClient> clients;
    private final List<String> ours;
    private final List<String> others;
    private final FarEnd far;
    private final Troubles troubles;
    private final Tally tally;
    private final List<Thread> users = new ArrayList<>();
    private volatile boolean stopping;

    /// @param ours fingerprints of our exits, which are guards and middles as well
    /// @param others fingerprints of relays that are not ours
    Traffic(
            List<SoakClient> clients,
            List<String> ours,
            List<String> others,
            FarEnd far,
            Troubles troubles,
            Tally tally) {
        this.clients = clients;
        this.ours = ours;
        this.others = others;
        this.far = far;
        this.troubles = troubles;
        this.tally = tally;
    }

    void start(int count, long seed) {
        for (int i = 0; i < count; i++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed + i);
            users.add(Thread.ofVirtual().name("user-" + i).start(() -> use(random)));
        }
    }

    /// Lets every exchange that has begun come to its end.
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread user : users) {
            user.join();
        }
    }

    private void use(RandomGenerator random) {
        try {
            while (!stopping) {
                SoakClient client = clients.get(random.nextInt(clients.size()));
                Lane lane = client.take(random, () -> path(random));
                if (lane == null) {
                    Thread.sleep(NO_CIRCUIT_PAUSE_MILLIS);
                    continue;
                }
                try {
                    exchange(client, lane, random);
                } finally {
                    lane.leave();
                }
                Thread.sleep(random.nextInt(PAUSE_MILLIS_MAX));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void exchange(SoakClient client, Lane lane, RandomGenerator random) throws InterruptedException {
        Exchange.Kind kind = Exchange.Kind.any(random);
        tally.count("begun " + kind);
        long begun = System.nanoTime();
        Exchange exchange = new Exchange(far, lane.circuit().fetch(), random, tally);
        try {
            exchange.run(kind);
            tally.count("good " + kind);
        } catch (Exchange.Wrong e) {
            tally.unexpected(kind.name(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            String question = lane.path().getLast() + " " + exchange.asked();
            String cause = cause(client, lane, kind, question, begun);
            far.mayHaveFailed(question, begun);
            String fate = cause == null ? lane.fate() : "";
            if (cause == null && isRefusedForMiddle(lane, fate)) {
                cause = UNLISTED_RELAY;
            }
            if (cause == null && lane.wasUnused()) {
                tally.count("circuits closed by the client as unused");
                client.drop(lane);
            } else if (cause == null) {
                long millis = (System.nanoTime() - begun) / 1_000_000;
                tally.unexpected(
                        kind.name(),
                        client.name() + ", " + lane + " " + lane.path() + " after " + millis + " ms: " + e + "; "
                                + fate);
                client.drop(lane);
            } else {
                tally.count("cut by " + cause);
                if (CIRCUIT_CAUSES.contains(cause)) {
                    client.drop(lane);
                }
            }
        }
    }

    /// Which of our faults explains the failure; null: none does.
    private @Nullable String cause(SoakClient client, Lane lane, Exchange.Kind kind, String question, long begunNanos) {
        if (troubles.since(client.name(), lane.begunNanos())) {
            return LOST_CLIENT;
        }
        if (lane.isCut()) {
            return CLOSED_CIRCUIT;
        }
        for (String hop : lane.path()) {
            if (troubles.since(hop, lane.begunNanos())) {
                return KILLED_RELAY;
            }
        }
        if (kind.needsServer && far.serverOutage.explains(begunNanos)) {
            return STOPPED_SERVER;
        }
        if (kind.needsResolver && far.resolverExplains(question, begunNanos)) {
            return STOPPED_RESOLVER;
        }
        return lane.explainsByClosedStream() ? CLOSED_STREAM : null;
    }

    /// An exit refuses streams, with MISC, that come through a relay which the consensus does not list. One that was
    /// killed may be missing there for a while after it is back.
    private boolean isRefusedForMiddle(Lane lane, String fate) {
        String middle = lane.path().get(lane.path().size() - 2);
        return fate.contains("remoteReason=MISC") && troubles.lately(middle, lane.begunNanos());
    }

    /// Three hops, the last one of ours, the others anybody's.
    private List<String> path(RandomGenerator random) {
        String exit = ours.get(random.nextInt(ours.size()));
        List<String> rest = new ArrayList<>(others);
        rest.addAll(ours);
        rest.remove(exit);
        Collections.shuffle(rest, random);
        return List.of(rest.get(0), rest.get(1), exit);
    }
}
