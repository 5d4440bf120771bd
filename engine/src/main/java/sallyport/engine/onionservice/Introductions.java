package sallyport.engine.onionservice;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.ByteKey;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.onionservice.OnionDuty.Role;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// The introduction points of one instance: circuits of services, each under the key that clients name.
final class Introductions {
    // Ours: signatures at the workers at one time. They are shared by all instances, and what waits there longer than
    // some milliseconds waits because of a flood.
    static final int PROOFS_MAX = 64;

    private static final byte[] INTRO_ESTABLISHED = {0};
    private static final int STATUS_SUCCESS = 0;
    /// Said too where the service had enough introductions: a client cannot tell.
    private static final int STATUS_UNKNOWN_ID = 1;
    private static final int STATUS_BAD_FORMAT = 2;

    private record Point(OnionDuty duty, IntroductionRate rate) {}

    private final World world;
    private final EventLoop loop;
    private final Supplier<NetworkParameters> parameters;
    private final FaultCounters faults;
    private final Map<ByteKey, Point> points = new HashMap<>();
    private int proofs;
    private long introduced;
    private long refused;

    Introductions(World world, EventLoop loop, Supplier<NetworkParameters> parameters, FaultCounters faults) {
        this.world = world;
        this.loop = loop;
        this.parameters = parameters;
        this.faults = faults;
    }

    int points() {
        return points.size();
    }

    long introduced() {
        return introduced;
    }

    long refused() {
        return refused;
    }

    // From services

    void establish(OnionDuty duty, byte[] array, int at, int length) throws ProtocolViolation {
        duty.needFit(Tally.ESTABLISH_INTRO_UNSUITABLE, "ESTABLISH_INTRO on a circuit that is not fit");
        EstablishIntro request;
        try {
            request = EstablishIntro.decode(array, at, length);
        } catch (Malformed e) {
            throw duty.violation(Tally.ESTABLISH_INTRO_MALFORMED, "ESTABLISH_INTRO that cannot be read");
        }
        if (!request.isFor(duty.circuit().nonce())) {
            throw duty.violation(Tally.ESTABLISH_INTRO_MALFORMED, "ESTABLISH_INTRO made for another circuit");
        }
        if (proofs >= PROOFS_MAX || !prove(duty, request)) {
            throw ProtocolViolation.circuit(
                    DestroyReason.RESOURCELIMIT, "ESTABLISH_INTRO while too many signatures wait");
        }
        duty.becomeInProof();
    }

    private boolean prove(OnionDuty duty, EstablishIntro request) {
        boolean accepted = world.workers()
                .submit(
                        Workers.Kind.BULK,
                        request::isSigned,
                        loop,
                        (isSigned, failure) -> proven(duty, request, isSigned, failure));
        proofs += accepted ? 1 : 0;
        return accepted;
    }

    private void proven(
            OnionDuty duty, EstablishIntro request, @Nullable Boolean isSigned, @Nullable Throwable failure) {
        proofs--;
        if (!duty.is(Role.IN_PROOF)) {
            return;
        }
        if (failure != null) {
            duty.circuit().ownBug(failure);
        } else if (isSigned == null || !isSigned) {
            duty.circuit()
                    .fault(duty.violation(Tally.ESTABLISH_INTRO_MALFORMED, "ESTABLISH_INTRO with a wrong signature"));
        } else {
            try {
                established(duty, request);
            } catch (RuntimeException bug) {
                duty.circuit().ownBug(bug);
            }
        }
    }

    /// The newest circuit of a key is the one that counts: the service may have lost the older one.
    private void established(OnionDuty duty, EstablishIntro request) {
        ByteKey key = new ByteKey(request.authKey());
        IntroductionRate rate = new IntroductionRate(request.extensions(), parameters.get(), nowSecond());
        Point replaced = points.get(key);
        if (replaced != null) {
            replaced.duty().circuit().close(DestroyReason.FINISHED);
        }
        points.put(key, new Point(duty, rate));
        duty.become(Role.INTRODUCTION_POINT, key);
        duty.tally(Tally.ESTABLISH_INTRO_SUCCESS);
        duty.circuit().send(RelayCommand.INTRO_ESTABLISHED, INTRO_ESTABLISHED);
    }

    void forget(ByteKey key) {
        points.remove(key);
    }

    // From clients

    void introduce(OnionDuty client, byte[] array, int at, int length) throws ProtocolViolation {
        if (length < Introduce1.LEGACY_KEY_LENGTH) {
            throw client.violation(Tally.INTRODUCE1_MALFORMED, "INTRODUCE1 too short");
        }
        client.needFit(Tally.INTRODUCE1_REUSED, "INTRODUCE1 on a circuit that is not fit");
        // rend-spec-v3: "An introduction point MUST refuse a second INTRODUCE1 on a circuit", or one circuit would be
        // enough to flood a service.
        if (!client.introduceOnce()) {
            throw client.violation(Tally.INTRODUCE1_REUSED, "INTRODUCE1 twice on one circuit");
        }
        if (client.circuit().isFromClient()) {
            throw client.violation(Tally.INTRODUCE1_SINGLE_HOP, "INTRODUCE1 of a single-hop client");
        }
        int status = introduced(client, array, at, length);
        client.circuit().send(RelayCommand.INTRODUCE_ACK, new byte[] {0, (byte) status, 0});
    }

    private int introduced(OnionDuty client, byte[] array, int at, int length) {
        Introduce1 request;
        try {
            request = Introduce1.decode(array, at, length);
        } catch (Malformed e) {
            client.tally(Tally.INTRODUCE1_MALFORMED);
            faults.count("INTRODUCE1 that cannot be read");
            return STATUS_BAD_FORMAT;
        }
        Point point = points.get(new ByteKey(request.authKey()));
        if (point == null) {
            client.tally(Tally.INTRODUCE1_UNKNOWN_SERVICE);
            faults.count("INTRODUCE1 to no introduction point");
            return STATUS_UNKNOWN_ID;
        }
        if (!point.rate().take(parameters.get(), nowSecond())) {
            refused++;
            client.tally(Tally.INTRODUCE1_RATE_LIMITED);
            faults.count("INTRODUCE1 beyond the rate of its introduction point");
            return STATUS_UNKNOWN_ID;
        }
        introduced++;
        client.tally(Tally.INTRODUCE1_SUCCESS);
        point.duty().circuit().send(RelayCommand.INTRODUCE2, Arrays.copyOfRange(array, at, at + length));
        return STATUS_SUCCESS;
    }

    private long nowSecond() {
        return TimeUnit.NANOSECONDS.toSeconds(world.ticker().nanoTime());
    }
}
