package sallyport.engine.onionskin;

import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// The onion skins of one instance that wait to be computed: one queue for ntor and ntor-v3, first come,
/// first served; what would come back too late is refused (C tor's rule: better refused than late).
///
/// The workers belong to all instances of the host. An instance hands them a few requests at a time and
/// keeps the others here, so a flood at one instance delays another's requests by those few and no more.
///
/// Runs on: the instance's loop, answers included.
public final class OnionSkins {
    // C tor: below 50 waiting ones there is always room.
    static final int ALWAYS_ROOM = 50;
    // Ours: one request with its circuit costs about 1.5 kB, so a flood stays below 25 MB. With up to four threads
    // MaxOnionQueueDelay refuses earlier.
    static final int WAITING_MAX = 16_384;
    // Ours: a thread computes about two a millisecond, so this many keep it busy through a long turn of the loop,
    // until answers make room for more.
    static final int AT_WORK_PER_THREAD = 16;
    // Ours: the last quarter, in steps of a sixteenth, is kept for whoever asks for little.
    private static final long CROWDING_STEPS = 16;
    private static final long CROWDING_FREE_STEPS = 11;
    private static final int HALVINGS_PER_STEP = 2;
    // C tor: one millisecond is assumed until 100 have been measured.
    private static final int MEASURED_MIN = 100;
    private static final long ASSUMED_NANOS = 1_000_000;
    // C tor: old measurements fade; the sums are halved beyond this many.
    private static final int MEASURED_MAX = 500_000;

    private final World world;
    private final EventLoop loop;
    private final RelayIdentity identity;
    private final Supplier<OnionKeys> keys;
    private final NtorKeyPair junk;
    private final int threads;
    private final LinkedHashMap<Asker, Waiting> waiting = new LinkedHashMap<>();
    private int atWork;
    private long measuredNanos;
    private int measured;

    public OnionSkins(World world, EventLoop loop, RelayIdentity identity, Supplier<OnionKeys> keys) {
        this.world = world;
        this.loop = loop;
        this.identity = identity;
        this.keys = keys;
        byte[] secret = Curve25519.clamp(world.entropy().secret(Curve25519.LENGTH));
        this.junk = new NtorKeyPair(secret, Curve25519.publicKey(secret));
        this.threads = world.workers().threads(Workers.Kind.ONION_SKIN);
    }

    /// Who asked; told exactly one thing, on the loop, unless it has lost interest before.
    public interface Asker {
        /// Whether the answer is still wanted; once false, always false. Called from workers too.
        boolean isWaiting();

        /// @param answer the receiver's to destroy
        void answered(HandshakeAnswer answer);

        /// The request was bad; `what` is a constant text.
        void refused(String what);

        /// It waited longer than the cutoff, and was not computed.
        void late();

        /// Our own bug; told also to those who do not wait any more.
        void failed(Throwable failure);
    }

    /// @param offeredIncrement cells per SENDME for clients who ask for congestion control; 0: it is not
    /// granted
    /// @param delayMaxMillis the parameter `MaxOnionQueueDelay`
    /// @param cutoffSeconds the parameter `onion_queue_wait_cutoff`
    public record Terms(int offeredIncrement, int delayMaxMillis, int cutoffSeconds) {}

    private record Waiting(Create2Body request, Terms terms, long sinceNanos) {}

    /// Whether a request of this shape is worth the queue: ntor of its one length, ntor-v3 of any.
    public static boolean isOffered(Create2Body request) {
        return switch (request.handshakeType()) {
            case Create2Body.NTOR -> request.handshake().length == Ntor.REQUEST_LENGTH;
            case Create2Body.NTOR_V3 -> true;
            default -> false;
        };
    }

    /// Computes in the background. False, and nobody is told anything more: there is no room.
    ///
    /// @param request offered, and not to change any more
    /// @param asker one request each
    public boolean submit(Create2Body request, Terms terms, Asker asker) {
        assert loop.inEventLoop();
        Waiting entry = new Waiting(request, terms, world.ticker().nanoTime());
        if (waiting.isEmpty() && atWork < atWorkMax()) {
            return start(entry, asker);
        }
        if (!hasRoom(waiting.size(), terms.delayMaxMillis())) {
            return false;
        }
        waiting.put(asker, entry);
        cull(entry.sinceNanos());
        return true;
    }

    /// Forgets a request that waits. One that is being computed ends by itself: its asker is not waiting
    /// any more.
    public void cancel(Asker asker) {
        waiting.remove(asker);
    }

    /// Requests that no worker has seen.
    public int waiting() {
        return waiting.size();
    }

    /// Requests that workers have.
    public int atWork() {
        return atWork;
    }

    /// How crowded the queue is. 0: there is room for all. From three quarters on, 2, 4, 6 or 8: what is left is for
    /// those who ask for little, and of all that come a part should be let in, one halved so often.
    ///
    /// @param delayMaxMillis the parameter `MaxOnionQueueDelay`
    public int crowding(int delayMaxMillis) {
        return crowding(waiting.size(), delayMaxMillis);
    }

    int crowding(int ahead, int delayMaxMillis) {
        long inTime = delayMaxMillis * 1_000_000L * threads / oneNanos();
        long most = Math.max(ALWAYS_ROOM, Math.min(WAITING_MAX, inTime));
        long steps = Math.min(CROWDING_STEPS - 1, ahead * CROWDING_STEPS / most);
        return (int) Math.max(0, steps - CROWDING_FREE_STEPS) * HALVINGS_PER_STEP;
    }

    private long oneNanos() {
        return measured < MEASURED_MIN ? ASSUMED_NANOS : Math.max(1, measuredNanos / measured);
    }

    boolean hasRoom(int ahead, int delayMaxMillis) {
        if (ahead < ALWAYS_ROOM) {
            return true;
        }
        return ahead < WAITING_MAX && ahead * oneNanos() / threads / 1_000_000 <= delayMaxMillis;
    }

    void measured(long nanos) {
        measuredNanos += nanos;
        if (++measured > MEASURED_MAX) {
            measuredNanos /= 2;
            measured /= 2;
        }
    }

    private int atWorkMax() {
        return AT_WORK_PER_THREAD * threads;
    }

    /// Ends those that have waited too long; they are the first in the queue.
    private void cull(long nowNanos) {
        while (!waiting.isEmpty()) {
            Waiting first = waiting.firstEntry().getValue();
            if (nowNanos - first.sinceNanos() < first.terms().cutoffSeconds() * 1_000_000_000L) {
                return;
            }
            waiting.pollFirstEntry().getKey().late();
        }
    }

    /// Gives the workers what they have room for.
    private void refill() {
        cull(world.ticker().nanoTime());
        while (!waiting.isEmpty() && atWork < atWorkMax()) {
            var first = waiting.firstEntry();
            if (!start(first.getValue(), first.getKey())) {
                if (atWork == 0) {
                    // Other instances fill the workers' queue, and no answer will bring us back here.
                    waiting.pollFirstEntry().getKey().late();
                    continue;
                }
                return;
            }
            waiting.remove(first.getKey());
        }
    }

    private boolean start(Waiting entry, Asker asker) {
        boolean accepted = world.workers()
                .submit(
                        Workers.Kind.ONION_SKIN,
                        () -> compute(entry, asker),
                        loop,
                        (outcome, failure) -> finished(asker, outcome, failure));
        atWork += accepted ? 1 : 0;
        return accepted;
    }

    /// What a worker brings back; exactly one of answer and refusal is present.
    private record Outcome(
            @Nullable HandshakeAnswer answer, @Nullable String refused, long nanos) {
        @Override
        public String toString() {
            return "Outcome";
        }
    }

    /// Runs on: a worker. Null: nobody wants it any more.
    private @Nullable Outcome compute(Waiting entry, Asker asker) {
        if (!asker.isWaiting()) {
            return null;
        }
        long start = world.ticker().nanoTime();
        HandshakeAnswer answer = null;
        String refused = null;
        try {
            answer = answer(entry.request(), entry.terms().offeredIncrement());
        } catch (Malformed e) {
            refused = String.valueOf(e.getMessage());
        }
        return new Outcome(answer, refused, world.ticker().nanoTime() - start);
    }

    private HandshakeAnswer answer(Create2Body request, int offeredIncrement) throws Malformed {
        byte[] skin = request.handshake();
        byte[] ephemeral = world.entropy().secret(Curve25519.LENGTH);
        return switch (request.handshakeType()) {
            case Create2Body.NTOR -> Ntor.answer(skin, identity.rsaDigest(), keys.get(), junk, ephemeral);
            case Create2Body.NTOR_V3 ->
                NtorV3.answer(skin, identity.ed25519(), keys.get(), junk, ephemeral, offeredIncrement);
            default -> throw new IllegalStateException("handshake type " + request.handshakeType());
        };
    }

    private void finished(Asker asker, @Nullable Outcome outcome, @Nullable Throwable failure) {
        atWork--;
        try {
            tell(asker, outcome, failure);
        } finally {
            refill();
        }
    }

    private void tell(Asker asker, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            if (failure != null) {
                asker.failed(failure);
            }
            return;
        }
        measured(outcome.nanos());
        HandshakeAnswer answer = outcome.answer();
        if (!asker.isWaiting()) {
            if (answer != null) {
                answer.secrets().destroy();
            }
        } else if (answer != null) {
            asker.answered(answer);
        } else {
            asker.refused(String.valueOf(outcome.refused()));
        }
    }
}
