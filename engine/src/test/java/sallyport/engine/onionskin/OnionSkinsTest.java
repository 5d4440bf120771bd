package sallyport.engine.onionskin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.identity.RelayIdentity;

/// Onion skins are the dearest thing that a stranger can ask for with one cell. Whoever floods one instance must not
/// keep another's clients waiting, and everyone must hear of his circuit exactly once.
class OnionSkinsTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int DELAY_MAX_MILLIS = 1750;
    private static final OnionSkins.Terms TERMS = new OnionSkins.Terms(0, DELAY_MAX_MILLIS, 5);
    /// Costs no real time: it is for another relay, which is seen before the first multiplication.
    private static final Create2Body CHEAP = new Create2Body(Create2Body.NTOR, new byte[Ntor.REQUEST_LENGTH]);

    private final RelayIdentity identity = new RelayIdentity(new byte[0], bytes(20), bytes(32));
    private final NtorKeyPair onionKey =
            new NtorKeyPair(Curve25519.clamp(bytes(32)), Curve25519.publicKey(Curve25519.clamp(bytes(32))));

    /// Everyone who asked one instance.
    private static final class Clients {
        final List<Client> all = new ArrayList<>();
        int told;
        int late;
        int turnedAway;
        long slowestNanos;
    }

    private static final class Client implements OnionSkins.Asker {
        final Clients clients;
        final SimulatedWorkers workers;
        final long since;
        volatile boolean waiting = true;
        List<String> heard = new ArrayList<>();
        HandshakeAnswer answer;

        Client(Clients clients, SimulatedWorkers workers) {
            this.clients = clients;
            this.workers = workers;
            this.since = workers.now();
            clients.all.add(this);
        }

        private void hear(String what) {
            heard.add(what);
            waiting = false;
            clients.told++;
            clients.slowestNanos = Math.max(clients.slowestNanos, workers.now() - since);
        }

        @Override
        public boolean isWaiting() {
            return waiting;
        }

        @Override
        public void answered(HandshakeAnswer given) {
            answer = given;
            hear("answered");
        }

        @Override
        public void refused(String what) {
            hear("refused");
        }

        @Override
        public void late() {
            clients.late++;
            hear("late");
        }

        @Override
        public void failed(Throwable failure) {
            hear("failed " + failure);
        }
    }

    /// Ten thousand requests a second at one instance, where two threads compute two thousand; fifty at another.
    @Test
    void aFloodAtOneInstanceDelaysNobodyElse() {
        SimulatedWorkers workers = new SimulatedWorkers(2, 8192, MILLI);
        OnionSkins flooded = onionSkins(workers);
        OnionSkins quiet = onionSkins(workers);
        Clients many = new Clients();
        Clients few = new Clients();
        int longest = 0;
        for (long at = 1; at < 3 * SECOND; at += SECOND / 10_000) {
            workers.until(at);
            submit(flooded, CHEAP, many, workers);
            longest = Math.max(longest, flooded.waiting());
            if (at / (SECOND / 10_000) % 200 == 0) {
                submit(quiet, CHEAP, few, workers);
                assertThat(quiet.waiting()).isZero();
            }
        }
        workers.until(20 * SECOND);

        // Ahead of it are what the flooded instance has at the workers, 32, on two threads, and its own cost.
        assertThat(few.slowestNanos).isLessThanOrEqualTo(17 * MILLI);
        assertThat(few.turnedAway + few.late).isZero();
        assertThat(few.all).allSatisfy(client -> assertThat(client.heard).containsExactly("refused"));
        // Two threads, one millisecond each: as many may wait as are computed within MaxOnionQueueDelay.
        assertThat(longest).isBetween(2 * DELAY_MAX_MILLIS, 2 * (DELAY_MAX_MILLIS + 1));
        assertThat(many.turnedAway).isGreaterThan(20_000);
        assertThat(many.told + many.turnedAway).isEqualTo(many.all.size());
        assertThat(many.late).isZero();
        assertThat(many.slowestNanos).isLessThan(2 * DELAY_MAX_MILLIS * MILLI);
        assertThat(many.all).allSatisfy(client -> assertThat(client.heard).hasSizeLessThanOrEqualTo(1));
    }

    @Test
    void floodedInstancesShareTheWorkersEqually() {
        SimulatedWorkers workers = new SimulatedWorkers(2, 8192, MILLI);
        List<OnionSkins> instances = List.of(onionSkins(workers), onionSkins(workers), onionSkins(workers));
        List<Clients> clients = List.of(new Clients(), new Clients(), new Clients());
        for (int i = 0; i < 3 * 900; i++) {
            // The first has all its requests in before the third has one.
            submit(instances.get(i / 900), CHEAP, clients.get(i / 900), workers);
        }
        workers.until(SECOND);
        assertThat(clients).allSatisfy(each -> assertThat(each.told).isBetween(600, 740));
        workers.until(2 * SECOND);
        assertThat(clients).allSatisfy(each -> assertThat(each.told).isEqualTo(900));
    }

    @Test
    void everyKindOfHandshakeIsAnsweredInTheOrderOfArrival() throws Exception {
        SimulatedWorkers workers = new SimulatedWorkers(1, 8192, MILLI);
        OnionSkins skins = onionSkins(workers);
        Clients clients = new Clients();
        Ntor.Client ntor = new Ntor.Client(identity.rsaDigest(), onionKey.publicKey(), bytes(32));
        NtorV3Client ntorV3 =
                new NtorV3Client(identity.ed25519(), onionKey.publicKey(), bytes(32), NtorV3Client.congestionControl());
        OnionSkins.Terms generous = new OnionSkins.Terms(31, DELAY_MAX_MILLIS, 5);
        for (int i = 0; i < 20; i++) {
            Create2Body request = i % 2 == 0
                    ? new Create2Body(Create2Body.NTOR, ntor.request())
                    : new Create2Body(Create2Body.NTOR_V3, ntorV3.request());
            assertThat(skins.submit(request, generous, new Client(clients, workers)))
                    .isTrue();
        }
        for (int i = 0; i < 20; i++) {
            assertThat(clients.told).isEqualTo(i);
            workers.until(workers.now() + MILLI);
            Client client = clients.all.get(i);
            assertThat(client.heard).containsExactly("answered");
            assertThat(client.answer.sendmeIncrement()).isEqualTo(i % 2 == 0 ? 0 : 31);
        }
        assertThat(ntor.finish(clients.all.get(18).answer.reply()).keys())
                .isEqualTo(clients.all.get(18).answer.secrets().keys());
        assertThat(ntorV3.finish(clients.all.get(19).answer.reply()).keys())
                .isEqualTo(clients.all.get(19).answer.secrets().keys());
    }

    /// Half a second a handshake: those at the workers come back, the others are late after five seconds.
    @Test
    void whoWaitsTooLongIsToldSoAndNotComputed() {
        SimulatedWorkers workers = new SimulatedWorkers(1, 8192, SECOND / 2);
        OnionSkins skins = onionSkins(workers);
        Clients clients = new Clients();
        for (int i = 0; i < 40; i++) {
            submit(skins, CHEAP, clients, workers);
        }
        workers.until(30 * SECOND);
        int inTime = OnionSkins.AT_WORK_PER_THREAD + 9;
        assertThat(clients.all.subList(0, inTime))
                .allSatisfy(c -> assertThat(c.heard).containsExactly("refused"));
        assertThat(clients.all.subList(inTime, 40))
                .allSatisfy(c -> assertThat(c.heard).containsExactly("late"));
        assertThat(skins.waiting()).isZero();
    }

    /// C tor's rule: whoever comes looks whether the first have waited too long, though no worker has answered.
    @Test
    void newRequestsCullOldOnes() {
        SimulatedWorkers workers = new SimulatedWorkers(1, 8192, 60 * SECOND);
        OnionSkins skins = onionSkins(workers);
        Clients clients = new Clients();
        for (int i = 0; i < OnionSkins.AT_WORK_PER_THREAD + 3; i++) {
            submit(skins, CHEAP, clients, workers);
        }
        workers.until(5 * SECOND);
        assertThat(skins.waiting()).isEqualTo(3);
        workers.until(5 * SECOND + 1);
        submit(skins, CHEAP, clients, workers);
        assertThat(skins.waiting()).isEqualTo(1);
        assertThat(clients.late).isEqualTo(3);
    }

    /// One that waits leaves the queue; one at a worker is not computed; one that is computed is not told.
    @Test
    void whoeverCancelsHearsNothingMore() {
        SimulatedWorkers workers = new SimulatedWorkers(1, 8192, MILLI);
        OnionSkins skins = onionSkins(workers);
        Clients clients = new Clients();
        Create2Body good = new Create2Body(
                Create2Body.NTOR, new Ntor.Client(identity.rsaDigest(), onionKey.publicKey(), bytes(32)).request());
        for (int i = 0; i < 30; i++) {
            submit(skins, good, clients, workers);
        }
        assertThat(skins.waiting()).isEqualTo(30 - OnionSkins.AT_WORK_PER_THREAD);
        for (int i : new int[] {0, 5, 20, 29}) {
            Client client = clients.all.get(i);
            client.waiting = false;
            skins.cancel(client);
        }
        assertThat(skins.waiting()).isEqualTo(28 - OnionSkins.AT_WORK_PER_THREAD);
        workers.until(SECOND);
        for (int i = 0; i < 30; i++) {
            boolean cancelled = i == 0 || i == 5 || i == 20 || i == 29;
            assertThat(clients.all.get(i).heard).isEqualTo(cancelled ? List.of() : List.of("answered"));
        }
        // 26 were answered, and the first was already being computed.
        assertThat(clients.slowestNanos).isEqualTo(27 * MILLI);
    }

    /// A bug of ours ends one circuit, and the queue goes on.
    @Test
    void anExceptionOfOursIsToldAndHoldsNothingUp() {
        SimulatedWorkers workers = new SimulatedWorkers(1, 8192, MILLI);
        OnionSkins skins = new OnionSkins(workers, workers.loop(), identity, () -> {
            throw new IllegalStateException("no keys");
        });
        Clients clients = new Clients();
        Create2Body good = new Create2Body(
                Create2Body.NTOR, new Ntor.Client(identity.rsaDigest(), onionKey.publicKey(), bytes(32)).request());
        for (int i = 0; i < 40; i++) {
            submit(skins, good, clients, workers);
        }
        workers.until(SECOND);
        assertThat(clients.all)
                .allSatisfy(client ->
                        assertThat(client.heard).containsExactly("failed java.lang.IllegalStateException: no keys"));
        assertThat(skins.waiting()).isZero();
    }

    @Test
    void workersFullOfOthersRequestsRefuseAndNobodyIsForgotten() {
        SimulatedWorkers workers = new SimulatedWorkers(1, 4, MILLI);
        OnionSkins skins = onionSkins(workers);
        OnionSkins others = onionSkins(workers);
        Clients clients = new Clients();
        Clients rivals = new Clients();
        for (int i = 0; i < 5; i++) {
            submit(others, CHEAP, rivals, workers);
        }
        submit(skins, CHEAP, clients, workers);
        assertThat(clients.turnedAway).isEqualTo(1);
        workers.until(workers.now() + MILLI);
        for (int i = 0; i < 3; i++) {
            submit(skins, CHEAP, clients, workers);
        }
        workers.until(SECOND);
        assertThat(rivals.told).isEqualTo(5);
        assertThat(clients.told + clients.turnedAway).isEqualTo(4);
    }

    /// C tor: one millisecond each is assumed until 100 have been measured; below 50 there is room whatever it takes.
    @Test
    void roomFollowsWhatHandshakesReallyTake() {
        OnionSkins skins = onionSkins(new SimulatedWorkers(4, 8192, MILLI));
        assertThat(skins.hasRoom(4 * 1751 - 1, 1750)).isTrue();
        assertThat(skins.hasRoom(4 * 1751, 1750)).isFalse();
        for (int i = 0; i < 100; i++) {
            skins.measured(10 * MILLI);
        }
        assertThat(skins.hasRoom(700, 1750)).isTrue();
        assertThat(skins.hasRoom(701, 1750)).isFalse();
        assertThat(skins.hasRoom(OnionSkins.ALWAYS_ROOM - 1, 1)).isTrue();
        assertThat(skins.hasRoom(OnionSkins.ALWAYS_ROOM, 1)).isFalse();
        assertThat(skins.hasRoom(OnionSkins.WAITING_MAX - 1, Integer.MAX_VALUE)).isTrue();
        assertThat(skins.hasRoom(OnionSkins.WAITING_MAX, Integer.MAX_VALUE)).isFalse();
        assertThat(skins.crowding(3 * OnionSkins.WAITING_MAX / 4 - 1, Integer.MAX_VALUE))
                .isZero();
        assertThat(skins.crowding(3 * OnionSkins.WAITING_MAX / 4, Integer.MAX_VALUE))
                .isEqualTo(2);
        assertThat(skins.crowding(OnionSkins.WAITING_MAX - 1, Integer.MAX_VALUE))
                .isEqualTo(8);
        assertThat(skins.crowding(OnionSkins.ALWAYS_ROOM / 2, 1)).isZero();
    }

    private OnionSkins onionSkins(SimulatedWorkers workers) {
        OnionKeys keys = new OnionKeys(onionKey, null);
        return new OnionSkins(workers, workers.loop(), identity, () -> keys);
    }

    private static void submit(OnionSkins skins, Create2Body request, Clients clients, SimulatedWorkers workers) {
        Client client = new Client(clients, workers);
        if (!skins.submit(request, TERMS, client)) {
            clients.turnedAway++;
        }
    }

    private static byte[] bytes(int length) {
        byte[] out = new byte[length];
        java.util.Arrays.fill(out, (byte) 7);
        return out;
    }
}
