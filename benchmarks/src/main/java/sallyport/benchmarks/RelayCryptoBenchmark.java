package sallyport.benchmarks;

import java.util.Arrays;
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
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.relaycrypto.Tor1ClientLayer;
import sallyport.engine.relaycrypto.Tor1Layer;

/// Nanoseconds of one core for one relay cell at one relay, tor1.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RelayCryptoBenchmark {
    private final byte[] keys = new byte[Tor1Layer.KEYS_LENGTH];
    private final Cell cell = new CellPool().acquire();
    private Tor1ClientLayer client = new Tor1ClientLayer(keys);
    private Tor1Layer relay = new Tor1Layer(keys);
    private Tor1Layer middle = new Tor1Layer(keys);

    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        random.nextBytes(keys);
        client = new Tor1ClientLayer(keys);
        relay = new Tor1Layer(keys);
        byte[] others = new byte[Tor1Layer.KEYS_LENGTH];
        random.nextBytes(others);
        middle = new Tor1Layer(others);
        byte[] body = new byte[Cell.BODY_LENGTH];
        random.nextBytes(body);
        cell.putBytes(0, body, 0, body.length);
        cell.command(3);
    }

    /// A cell that we pass on toward the exit: AES alone.
    @Benchmark
    public boolean forwardToNextHop() {
        // Keeps `recognized` from becoming zero by chance, which would cost a digest now and then.
        cell.put8(RelayCell.RECOGNIZED, 1);
        return middle.forward(cell);
    }

    /// A cell that we pass on toward the client: AES alone.
    @Benchmark
    public byte[] backwardFromNextHop() {
        middle.backward(cell);
        return cell.array();
    }

    /// A cell of ours toward the client: SHA-1 and AES.
    @Benchmark
    public byte[] originate() {
        RelayCell.header(cell, RelayCommand.DATA, 1, RelayCell.DATA_MAX);
        relay.originate(cell);
        return relay.backwardTag();
    }

    /// A cell for us, with the client's sealing of it: subtract [#clientSeal] for the relay's part.
    @Benchmark
    public boolean clientSealAndForwardRecognized() {
        RelayCell.header(cell, RelayCommand.DATA, 1, RelayCell.DATA_MAX);
        client.originate(cell);
        if (!relay.forward(cell)) {
            throw new IllegalStateException("not recognized: " + Arrays.hashCode(cell.array()));
        }
        return true;
    }

    /// The client's part of [#clientSealAndForwardRecognized].
    @Benchmark
    public byte[] clientSeal() {
        RelayCell.header(cell, RelayCommand.DATA, 1, RelayCell.DATA_MAX);
        client.originate(cell);
        return client.forwardTag();
    }
}
