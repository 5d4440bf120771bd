package sallyport.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.TorNode;

/// A C tor client with a handful of circuits through our exits, that may lose any of them at any time. Safe for use by
/// several threads.
final class SoakClient {
    private static final int LANES_MAX = 5;
    private static final int USES_MAX = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BOOTSTRAP = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 100;

    private final TorNode node;
    private final Tally tally;
    private final Troubles troubles;
    private final List<Lane> lanes = new ArrayList<>();
    private @Nullable CircuitDriver driver;
    private int building;

    SoakClient(TorNode node, Tally tally, Troubles troubles) {
        this.node = node;
        this.tally = tally;
        this.troubles = troubles;
    }

    String name() {
        return node.nickname();
    }

    /// Takes over the client, which runs.
    void open() throws IOException, InterruptedException {
        CircuitDriver fresh = node.drive();
        synchronized (this) {
            driver = fresh;
        }
    }

    /// A circuit for one use; [Lane#leave] ends the use. Null where there is none at the moment.
    @Nullable
    Lane take(RandomGenerator random, Supplier<List<String>> path) throws InterruptedException {
        CircuitDriver now;
        synchronized (this) {
            now = driver;
            if (now == null) {
                return null;
            }
            if (lanes.size() + building >= LANES_MAX || (!lanes.isEmpty() && random.nextInt(8) > 0)) {
                return lanes.isEmpty() ? null : enter(lanes.get(random.nextInt(lanes.size())));
            }
            building++;
        }
        Lane fresh = null;
        try {
            fresh = build(now, path.get(), 1 + random.nextInt(USES_MAX));
        } finally {
            synchronized (this) {
                building--;
                if (fresh != null && now == driver) {
                    lanes.add(fresh);
                    enter(fresh);
                } else if (fresh != null) {
                    fresh.retire();
                    fresh = null;
                }
            }
        }
        return fresh;
    }

    private Lane enter(Lane lane) {
        if (!lane.enter()) {
            lanes.remove(lane);
        }
        return lane;
    }

    private @Nullable Lane build(CircuitDriver on, List<String> path, int uses) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            DrivenCircuit circuit = on.build(path, PATIENCE);
            tally.count("circuits built");
            return new Lane(circuit, begun, uses);
        } catch (IOException e) {
            if (troubles.lately(name(), begun) || path.stream().anyMatch(hop -> troubles.lately(hop, begun))) {
                tally.count("circuits not built after a fault");
            } else {
                tally.unexpected("circuit", name() + ": " + e.getMessage());
            }
            return null;
        }
    }

    /// Forgets a circuit that does not work any more.
    synchronized void drop(Lane lane) {
        lanes.remove(lane);
        lane.retire();
    }

    /// Closes one circuit under its users.
    boolean cutCircuit(RandomGenerator random) throws IOException, InterruptedException {
        Lane victim;
        ControlClient control;
        synchronized (this) {
            if (driver == null || lanes.isEmpty()) {
                return false;
            }
            victim = lanes.remove(random.nextInt(lanes.size()));
            control = driver.control();
        }
        victim.cut();
        control.closeCircuit(victim.circuit().id());
        victim.retire();
        return true;
    }

    /// Closes one stream of any circuit.
    boolean cutStream(RandomGenerator random) throws IOException, InterruptedException {
        ControlClient control;
        List<Lane> all;
        synchronized (this) {
            if (driver == null) {
                return false;
            }
            control = driver.control();
            all = List.copyOf(lanes);
        }
        // "StreamID SP StreamStatus SP CircuitID SP Target", one a line.
        List<String[]> streams = control.info("stream-status")
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 3)
                .toList();
        List<String> ids = new ArrayList<>();
        List<Lane> owners = new ArrayList<>();
        for (String[] words : streams) {
            for (Lane lane : all) {
                if (lane.circuit().id().equals(words[2])) {
                    ids.add(words[0]);
                    owners.add(lane);
                }
            }
        }
        if (ids.isEmpty()) {
            return false;
        }
        int at = random.nextInt(ids.size());
        owners.get(at).streamIsClosed();
        if (!control.ask("CLOSESTREAM " + ids.get(at) + " 1").isGood()) {
            owners.get(at).streamWasNotClosed();
            return false;
        }
        return true;
    }

    /// Goes off the network in good order, with every circuit, and comes back.
    void disableNetwork(Duration pause) throws IOException, InterruptedException {
        troubles.mark(name());
        CircuitDriver old = forgetAll();
        if (old == null) {
            return;
        }
        old.control().setConf("DisableNetwork=1");
        Thread.sleep(pause);
        old.control().setConf("DisableNetwork=0");
        old.close();
        troubles.mark(name());
        open();
    }

    /// Dies without a word, and is started again.
    void kill(Duration pause) throws IOException, InterruptedException {
        troubles.mark(name());
        CircuitDriver old = forgetAll();
        Processes.kill(node.pid());
        if (old != null) {
            old.close();
        }
        Thread.sleep(pause);
        troubles.mark(name());
        start();
    }

    /// Ends in good order.
    void stop() throws InterruptedException {
        troubles.mark(name());
        CircuitDriver old = forgetAll();
        if (old != null) {
            old.close();
        }
        node.stop();
    }

    /// Starts a process that has ended, and takes it over when it knows the network.
    void start() throws IOException, InterruptedException {
        node.start();
        long deadline = System.nanoTime() + BOOTSTRAP.toNanos();
        while (true) {
            try (ControlClient control = node.control()) {
                String phase = control.infoIfKnown("status/bootstrap-phase");
                if (phase != null && phase.contains("PROGRESS=100")) {
                    break;
                }
            } catch (IOException notListeningYet) {
                if (System.nanoTime() > deadline) {
                    throw notListeningYet;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(node + " does not come back");
            }
            Thread.sleep(POLL_MILLIS);
        }
        open();
    }

    private synchronized @Nullable CircuitDriver forgetAll() {
        CircuitDriver old = driver;
        driver = null;
        lanes.forEach(Lane::cut);
        lanes.clear();
        return old;
    }
}
