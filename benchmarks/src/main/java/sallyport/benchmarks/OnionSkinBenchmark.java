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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.onionskin.HandshakeAnswer;
import sallyport.engine.onionskin.Ntor;

/// Circuit handshakes per second of one core, the relay's side.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OnionSkinBenchmark {
    private final SplittableRandom random = new SplittableRandom(2);
    private final byte[] id = bytes(20);
    private final OnionKeys keys = new OnionKeys(pair(), pair());
    private final NtorKeyPair junk = pair();
    private final byte[] request = new Ntor.Client(id, keys.current().publicKey(), bytes(32)).request();
    private final byte[] ephemeral = bytes(32);

    @Benchmark
    public HandshakeAnswer ntor() throws Malformed {
        return Ntor.answer(request, id, keys, junk, ephemeral);
    }

    @Benchmark
    public HandshakeAnswer createFast() {
        return CreateFast.answer(id, id);
    }

    private NtorKeyPair pair() {
        byte[] secret = Curve25519.clamp(bytes(32));
        return new NtorKeyPair(secret, Curve25519.publicKey(secret));
    }

    private byte[] bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
