package sallyport.engine.onionskin;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// Sends the ntor requests of one instance to the workers, and refuses what would come back too late (C tor's rule:
/// better refused than late). Runs on: the instance's loop, answers included.
public final class OnionSkins {
    // C tor: below 50 waiting ones there is always room.
    static final int ALWAYS_ROOM = 50;
    // C tor: one millisecond is assumed until 100 have been measured.
    private static final int MEASURED_MIN = 100;
    private static final long ASSUMED_NANOS = 1_000_000;
    // C tor: old measurements fade; the sums are halved beyond this many.
    private static final int MEASURED_MAX = 500_000;

    private final World world;
    private final EventLoop loop;
    private final byte[] rsaDigest;
    private final Supplier<OnionKeys> keys;
    private final NtorKeyPair junk;
    private final int threads;
    private long measuredNanos;
    private int measured;

    public OnionSkins(World world, EventLoop loop, byte[] rsaDigest, Supplier<OnionKeys> keys) {
        this.world = world;
        this.loop = loop;
        this.rsaDigest = rsaDigest.clone();
        this.keys = keys;
        byte[] secret = Curve25519.clamp(world.entropy().secret(Curve25519.LENGTH));
        this.junk = new NtorKeyPair(secret, Curve25519.publicKey(secret));
        this.threads = Math.max(1, world.loops().all().size());
    }

    /// Who asked; told exactly once, on the loop, also when it has lost interest by then.
    public interface Asker {
        /// Whether the answer is still wanted. May be called from a worker.
        boolean isWaiting();

        /// @param answer the receiver's to destroy
        void answered(HandshakeAnswer answer);

        /// The request was bad; `what` is a constant text.
        void refused(String what);

        /// It waited longer than the cutoff, and was not computed.
        void late();

        /// Our own bug.
        void failed(Throwable failure);
    }

    /// Computes in the background. False, and nobody is told anything more: there is no room.
    ///
    /// @param request the client's 84 bytes, which must not change any more
    /// @param delayMaxMillis the parameter `MaxOnionQueueDelay`
    /// @param cutoffSeconds the parameter `onion_queue_wait_cutoff`
    public boolean submit(byte[] request, int delayMaxMillis, int cutoffSeconds, Asker asker) {
        if (!hasRoom(world.workers().waiting(Workers.Kind.ONION_SKIN), delayMaxMillis)) {
            return false;
        }
        long submitted = world.ticker().nanoTime();
        long cutoffNanos = cutoffSeconds * 1_000_000_000L;
        return world.workers()
                .submit(
                        Workers.Kind.ONION_SKIN,
                        () -> compute(request, asker, submitted, cutoffNanos),
                        loop,
                        (outcome, failure) -> tell(asker, outcome, failure));
    }

    /// What a worker brings back; at most one of both texts and answer is present.
    private record Outcome(
            @Nullable HandshakeAnswer answer, @Nullable String refused, long nanos) {
        @Override
        public String toString() {
            return "Outcome";
        }
    }

    boolean hasRoom(int waiting, int delayMaxMillis) {
        if (waiting < ALWAYS_ROOM) {
            return true;
        }
        long oneNanos = measured < MEASURED_MIN ? ASSUMED_NANOS : measuredNanos / measured;
        return waiting * oneNanos / threads / 1_000_000 <= delayMaxMillis;
    }

    void measured(long nanos) {
        measuredNanos += nanos;
        if (++measured > MEASURED_MAX) {
            measuredNanos /= 2;
            measured /= 2;
        }
    }

    /// Runs on: a worker. Null: too late, or nobody wants it any more.
    private @Nullable Outcome compute(byte[] request, Asker asker, long submitted, long cutoffNanos) {
        long start = world.ticker().nanoTime();
        if (start - submitted >= cutoffNanos || !asker.isWaiting()) {
            return null;
        }
        byte[] ephemeral = world.entropy().secret(Curve25519.LENGTH);
        HandshakeAnswer answer = null;
        String refused = null;
        try {
            answer = Ntor.answer(request, rsaDigest, keys.get(), junk, ephemeral);
        } catch (Malformed e) {
            refused = e.getMessage();
        }
        return new Outcome(answer, refused, world.ticker().nanoTime() - start);
    }

    private void tell(Asker asker, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (failure != null) {
            asker.failed(failure);
        } else if (outcome == null) {
            asker.late();
        } else {
            measured(outcome.nanos());
            if (outcome.answer() != null) {
                asker.answered(outcome.answer());
            } else {
                asker.refused(String.valueOf(outcome.refused()));
            }
        }
    }
}
