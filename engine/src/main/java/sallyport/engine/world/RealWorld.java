package sallyport.engine.world;

import io.netty.util.concurrent.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// The world of production. Close it last: loops, workers and tasks end with it.
public final class RealWorld implements World, AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Log log;
    private final RealLoops loops;
    private final RealNetwork network;
    private final RealWorkers workers;
    private final RealTasks tasks;
    private final RealStorage storage;
    private final RealEntropy entropy = new RealEntropy();
    private final Resources resources = RealResources.read();

    /// @param loopCount event loops, normally one per core; the workers are as many
    public RealWorld(Path dataDirectory, int loopCount, Log log) {
        this.log = log;
        this.loops = new RealLoops(loopCount);
        this.network = new RealNetwork();
        this.workers = new RealWorkers(loopCount, log);
        this.tasks = new RealTasks(log);
        this.storage = new RealStorage(dataDirectory);
    }

    @Override
    public Ticker ticker() {
        return Ticker.systemTicker();
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Loops loops() {
        return loops;
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Workers workers() {
        return workers;
    }

    @Override
    public Tasks tasks() {
        return tasks;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public Log log() {
        return log;
    }

    @Override
    public Resources resources() {
        return resources;
    }

    @Override
    public void close() {
        tasks.close(CLOSE_LIMIT);
        workers.close();
        loops.close(CLOSE_LIMIT);
    }
}
