package sallyport.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCellV1;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.crypto.Polyval;
import sallyport.engine.relaycrypto.CgoLayer;

/// Nanoseconds of one core for one relay cell at one relay, counter galois onion, and what POLYVAL has of it. A JVM
/// without `--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED` measures the portable way.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CgoBenchmark {
    /// What one cell has hashed: tweak, command and most of its body.
    private static final int CELL_BLOCKS = 32;

    private final Cell cell = new CellPool().acquire();
    private final byte[] keys = new byte[CgoLayer.KEYS_LENGTH];
    private final byte[] blocks = new byte[CELL_BLOCKS * Polyval.BLOCK_LENGTH];
    private final byte[] hash = new byte[Polyval.BLOCK_LENGTH];
    private final Polyval polyval = Polyval.create();
    private CgoLayer relay = new CgoLayer(keys);

    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        random.nextBytes(keys);
        random.nextBytes(blocks);
        relay = new CgoLayer(keys);
        polyval.key(keys, 0);
        byte[] body = new byte[Cell.BODY_LENGTH];
        random.nextBytes(body);
        cell.putBytes(0, body, 0, body.length);
        cell.command(CellCommand.RELAY);
    }

    /// A cell that we pass on toward the exit.
    @Benchmark
    public boolean forwardToNextHop() {
        return relay.forward(cell);
    }

    /// A cell that we pass on toward the client.
    @Benchmark
    public byte[] backwardFromNextHop() {
        relay.backward(cell);
        return cell.array();
    }

    /// A cell of ours toward the client, with the change of keys; one that is for us costs the same.
    @Benchmark
    public byte[] originate() {
        RelayCellV1.FORMAT.header(cell, RelayCommand.DATA, 1, RelayCellV1.FORMAT.dataMax(RelayCommand.DATA));
        relay.originate(cell);
        return relay.backwardTag();
    }

    @Benchmark
    public byte[] polyvalOfOneCell() {
        polyval.hash(blocks, CELL_BLOCKS, hash);
        return hash;
    }

    /// The first block after a change of keys.
    @Benchmark
    public byte[] polyvalKeyAndOneBlock() {
        polyval.key(keys, 0);
        polyval.hash(blocks, 1, hash);
        return hash;
    }
}
