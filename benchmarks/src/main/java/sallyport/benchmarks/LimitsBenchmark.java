package sallyport.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.Newcomers;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.Sharing;
import sallyport.engine.limits.Shedding;
import sallyport.engine.limits.Throttled;
import sallyport.engine.world.RealWorld;

/// What it costs that relays share what the process has: for each cell that is written, and for each circuit that is
/// asked for.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // opened by JMH
public class LimitsBenchmark {
    private static final int CELL_BYTES = 514;
    // More than a benchmark passes: the lender deals in rounds, and nobody ever waits.
    private static final Rate AMPLE = new Rate(1L << 50, 1L << 50);

    /// Whether the process has a rate of its own.
    @Param({"false", "true"})
    public boolean rate;

    private Path directory;
    private RealWorld world;
    private HostLimits host;
    private InstanceLimits limits;
    private Throttled connection;
    private Newcomers newcomers;
    private int asked;

    /// Whoever must wait does not, here.
    private static final class Writer extends Throttled {
        Writer(InstanceLimits limits) {
            super(limits.bandwidth().writing(), () -> true, false);
        }

        @Override
        protected boolean go() {
            return false;
        }
    }

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("limits");
        world = new RealWorld(directory, 1, (_, _, _) -> {});
        host = HostLimits.of(world, 0);
        limits = host.open("r1", world.loops().all().getFirst(), new FaultCounters());
        if (rate) {
            host.follow(new Sharing(AMPLE, Shedding.DEFAULT));
        }
        connection = new Writer(limits);
        newcomers = limits.newcomers();
    }

    @TearDown
    public void close() throws IOException {
        host.bandwidth().close();
        world.close();
        Files.deleteIfExists(directory);
    }

    /// Whether a cell may leave, and that it has.
    @Benchmark
    public boolean bandwidthOfACell() {
        boolean goes = connection.mayGo();
        connection.took(CELL_BYTES);
        return goes;
    }

    /// A cell is queued and leaves.
    @Benchmark
    public long memoryOfACell() {
        limits.memory().add(MemoryKind.CELLS, CELL_BYTES);
        limits.memory().add(MemoryKind.CELLS, -CELL_BYTES);
        return limits.memory().held();
    }

    /// What is asked before a circuit is made, while nothing is short: one source of a thousand asks.
    @Benchmark
    public boolean newCircuit() {
        newcomers.count(++asked % 1000);
        return limits.memory().relief().refuses(Shedding.NEW_HANDSHAKES)
                || limits.circuits().isShort();
    }

    /// The same while something is short.
    @Benchmark
    public boolean newCircuitWhileShort() {
        int source = ++asked % 1000;
        newcomers.count(source);
        return newcomers.mayStay(source, 2);
    }
}
