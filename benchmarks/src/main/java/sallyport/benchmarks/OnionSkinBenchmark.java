package sallyport.benchmarks;

import java.util.HexFormat;
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
import sallyport.engine.onionskin.NtorV3;

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
    // Identity, onion key and client's key of C tor's test_ntor_v3.c; the client asks for congestion control.
    private final byte[] ed25519 = hex("9fad2af287ef942632833d21f946c6260c33fae6172b60006e86e4a6911753a2");
    private final OnionKeys keysV3 = new OnionKeys(
            new NtorKeyPair(
                    hex("4051daa5921cfa2a1c27b08451324919538e79e788a81b38cbed097a5dff454a"),
                    hex("f8307a2bc1870b00b828bb74dbb8fd88e632a6375ab3bcd1ae706aaa8b6cdd1d")),
            null);
    private final byte[] requestV3 = hex("9fad2af287ef942632833d21f946c6260c33fae6172b60006e86e4a6911753a2"
            + "f8307a2bc1870b00b828bb74dbb8fd88e632a6375ab3bcd1ae706aaa8b6cdd1d"
            + "252fe9ae91264c91d4ecb8501f79d0387e34ad8ca0f7c995184f7d11d5da4f46"
            + "1c4bea1cba28bfa010cf17e831d93d9a7a7383f0f62f5404a3b43f690394e4577a3ea2");

    @Benchmark
    public HandshakeAnswer ntor() throws Malformed {
        return Ntor.answer(request, id, keys, junk, ephemeral);
    }

    @Benchmark
    public HandshakeAnswer ntorV3() throws Malformed {
        return NtorV3.answer(requestV3, ed25519, keysV3, junk, ephemeral, 31);
    }

    @Benchmark
    public HandshakeAnswer createFast() {
        return CreateFast.answer(id, id);
    }

    private NtorKeyPair pair() {
        byte[] secret = Curve25519.clamp(bytes(32));
        return new NtorKeyPair(secret, Curve25519.publicKey(secret));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private byte[] bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
