package sallyport.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import sallyport.lab.network.TorNode;

/// Breaks one thing after the other, at moments and in an order that follow from a seed.
final class Faults {
    /// What is broken, and how often beside the others.
    enum Kind {
        STREAM_CLOSED(30),
        CIRCUIT_CLOSED(20),
        CONNECTIONS_RESET(10),
        SERVERS_STOPPED(8),
        RESOLVER_STOPPED(6),
        CLIENT_OFF_THE_NETWORK(6),
        CLIENT_KILLED(5),
        RELAY_KILLED(5);

        final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        static Kind any(RandomGenerator random) {
            int sum = 0;
            for (Kind kind : values()) {
                sum += kind.weight;
            }
            int at = random.nextInt(sum);
            for (Kind kind : values()) {
                at -= kind.weight;
                if (at < 0) {
                    return kind;
                }
            }
            throw new IllegalStateException("weights add up");
        }
    }

    private static final int PAUSE_MILLIS_MIN = 500;
    private static final int PAUSE_MILLIS_MAX = 4_000;
    private static final int RESOLVER_AWAY_MILLIS_MAX = 12_000;
    private static final int AWAY_MILLIS_MAX = 3_000;

    private final List<SoakClient> clients;
    private final List<TorNode> relays;
    private final FarEnd far;
    private final Troubles troubles;
    private final Tally tally;
    private final RandomGenerator random;

    Faults(
            List<SoakClient> clients,
            List<TorNode> relays,
            FarEnd far,
            Troubles troubles,
            Tally tally,
            RandomGenerator random) {
        this.clients = clients;
        this.relays = relays;
        this.far = far;
        this.troubles = troubles;
        this.tally = tally;
        this.random = random;
    }

    /// Goes on until that moment; leaves everything whole.
    void runUntil(long deadlineNanos) throws IOException, InterruptedException {
        while (System.nanoTime() < deadlineNanos) {
            Thread.sleep(random.nextInt(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX));
            Kind kind = Kind.any(random);
            if (cause(kind)) {
                tally.count("fault " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        }
    }

    private boolean cause(Kind kind) throws IOException, InterruptedException {
        SoakClient client = clients.get(random.nextInt(clients.size()));
        return switch (kind) {
            case STREAM_CLOSED -> client.cutStream(random);
            case CIRCUIT_CLOSED -> client.cutCircuit(random);
            case CONNECTIONS_RESET -> {
                far.resetConnections();
                yield true;
            }
            case SERVERS_STOPPED -> {
                far.stopServers();
                away(AWAY_MILLIS_MAX);
                far.startServers();
                yield true;
            }
            case RESOLVER_STOPPED -> {
                far.stopResolver();
                away(RESOLVER_AWAY_MILLIS_MAX);
                far.startResolver();
                yield true;
            }
            case CLIENT_OFF_THE_NETWORK -> {
                client.disableNetwork(pause());
                yield true;
            }
            case CLIENT_KILLED -> {
                client.kill(pause());
                yield true;
            }
            case RELAY_KILLED -> {
                kill(relays.get(random.nextInt(relays.size())));
                yield true;
            }
        };
    }

    private void kill(TorNode relay) throws IOException, InterruptedException {
        String fingerprint = relay.fingerprint();
        troubles.mark(fingerprint);
        Processes.kill(relay.pid());
        away(AWAY_MILLIS_MAX);
        troubles.mark(fingerprint);
        relay.start();
        troubles.mark(fingerprint);
    }

    private Duration pause() {
        return Duration.ofMillis(random.nextInt(AWAY_MILLIS_MAX));
    }

    private void away(int millisMax) throws InterruptedException {
        Thread.sleep(random.nextInt(millisMax));
    }
}
