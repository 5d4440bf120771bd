package sallyport.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Hex;
import sallyport.engine.cell.EndReason;
import sallyport.engine.circuit.TestWorld;
import sallyport.engine.origin.ClientPath;
import sallyport.engine.origin.ClientStream;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.PathListener;
import sallyport.engine.world.Entropy;
import sallyport.lab.guard.Guards;
import sallyport.lab.path.PaperNetwork;
import sallyport.lab.path.PathChooser;
import sallyport.lab.path.PathRelays;
import sallyport.lab.path.PathRules;

/// The circuits of a client while relays of its network are dead: each circuit is answered, or not, a
/// moment after it was asked for.
class CircuitPoolTest {
    private static final Destination SITE = Destination.of("www.example", 80);
    private static final int STEP_MILLIS = 10;
    private static final int MIDDLE = 50;
    private static final int EXIT = 100;

    private final TestWorld world = new TestWorld(11);
    private final PaperNetwork paper = new PaperNetwork();
    private final Set<String> dead = new HashSet<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<List<String>> alone = new ArrayList<>();
    private final List<List<String>> legs = new ArrayList<>();
    private boolean linksCircuits = true;
    private int opened;
    private @Nullable CircuitPool pool;

    @AfterEach
    void close() {
        if (pool != null) {
            pool.close();
        }
    }

    /// A relay that is listed as running and is not takes most paths with it: those who wait try another
    /// path at once, without it, and one's misfortune is nobody else's.
    @Test
    void aDeadRelayDelaysNobodyBeyondAnotherPath() {
        paper.someRelays(4);
        paper.add(MIDDLE, "reject 1-65535", 20_000);
        paper.add(EXIT, "accept 80", "", "Exit");
        dead.add(PaperNetwork.fingerprint(MIDDLE));
        CircuitPool of = pool(2);
        List<User> users = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            users.add(ask(of, "user " + i));
            pass(STEP_MILLIS);
        }
        pass(1_000);
        List<Long> waited = users.stream().map(User::waitedMillis).sorted().toList();
        assertThat(waited).allMatch(millis -> millis >= 0);
        // One step for a circuit that fails, one for the next, one for its stream.
        assertThat(waited.getLast()).isLessThanOrEqualTo(3 * STEP_MILLIS);
        assertThat(of.counts().circuitsFailed()).isGreaterThan(100);
    }

    /// Whoever wants the only exit, and it is gone, does not ask for ever faster.
    @Test
    void whereNothingWorksPausesGrow() {
        paper.someRelays(3);
        paper.add(EXIT, "accept 80", "", "Exit");
        dead.add(PaperNetwork.fingerprint(EXIT));
        CircuitPool of = pool(2);
        User user = ask(of, "user");
        pass(1_000);
        assertThat(opened).isBetween(Backoff.FREE_FAILURES + 2, Backoff.FREE_FAILURES + 5);
        pass(59_000);
        assertThat(opened).isBetween(Backoff.FREE_FAILURES + 8, Backoff.FREE_FAILURES + 14);
        dead.clear();
        pass(10_100);
        assertThat(user.waitedMillis()).isGreaterThan(60_000);
    }

    /// As the first directory comes, everybody is served.
    @Test
    void whoeverComesBeforeTheDirectoryWaitsForIt() {
        CircuitPool of = pool(2);
        List<User> users = List.of(ask(of, "one"), ask(of, "two"), ask(of, "two"));
        pass(3_000);
        assertThat(opened).isZero();
        paper.someRelays(3);
        paper.add(EXIT, "accept 80", "", "Exit");
        pass(4_000);
        assertThat(users).allSatisfy(user -> assertThat(user.waitedMillis()).isPositive());
        assertThat(opened).isEqualTo(2);
    }

    /// The guard that is gone is one failure of each who wait, and the next guard serves them.
    @Test
    void aDeadGuardIsReplacedAtOnce() {
        paper.someRelays(6);
        paper.add(EXIT, "accept 80", "", "Exit");
        CircuitPool of = pool(1);
        ask(of, "somebody");
        pass(STEP_MILLIS);
        dead.add(lastGuard);
        List<User> users = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            users.add(ask(of, "user " + i));
        }
        pass(500);
        assertThat(users).allSatisfy(user -> assertThat(user.waitedMillis()).isBetween(0L, 5L * STEP_MILLIS));
    }

    /// Between two visits the network breaks and mends: the second finds a circuit ready.
    @Test
    void sparesAreMadeAgainWhileNobodyAsks() {
        paper.someRelays(6);
        paper.add(EXIT, "accept 80", "", "Exit");
        CircuitPool of = pool(ClientSettings.DEFAULT.withCircuits(1_000, 2), 2);
        dead.add(PaperNetwork.fingerprint(EXIT));
        ask(of, "somebody");
        pass(ClientSettings.DEFAULT.openLimit().toMillis() + 10_000);
        dead.clear();
        pass(12_000);
        assertThat(of.circuits()).isEqualTo(2);
        User user = ask(of, "user");
        pass(STEP_MILLIS);
        assertThat(user.waitedMillis()).isEqualTo(STEP_MILLIS);
    }

    /// Who has not asked for half an hour may not ask soon either.
    @Test
    void sparesAreMadeForHalfAnHour() {
        paper.someRelays(6);
        paper.add(EXIT, "accept 80", "", "Exit");
        CircuitPool of = pool(ClientSettings.DEFAULT.withCircuits(1_000, 2), 2);
        ask(of, "somebody");
        pass(1_000);
        assertThat(opened).isEqualTo(3);
        pass(40 * 60_000);
        assertThat(opened).isEqualTo(3);
        assertThat(of.circuits()).isEqualTo(1);
    }

    /// While a spare waits for a guard that does not answer, another is taken.
    @Test
    void aReadySpareGoesFirst() {
        paper.someRelays(6);
        paper.add(EXIT, "accept 80", "", "Exit");
        CircuitPool of = pool(ClientSettings.DEFAULT.withCircuits(1_000, 2), 2);
        ask(of, "one");
        pass(100);
        ask(of, "two");
        // That of the new spare.
        answers.removeLast();
        ask(of, "three");
        pass(100);
        User user = ask(of, "four");
        pass(STEP_MILLIS);
        assertThat(user.waitedMillis()).isEqualTo(STEP_MILLIS);
    }

    /// As C tor's: one exit, and no guard and no middle twice at its place.
    @Test
    void theLegsOfASetMeetAtTheExitAlone() {
        paper.someRelays(6);
        paper.add(EXIT, "accept 80", "", "Exit");
        CircuitPool of = pool(ClientSettings.DEFAULT.withCircuits(1_000, 0).withConflux(true), 2);
        User user = ask(of, "user");
        pass(100);
        assertThat(user.waitedMillis()).isNotNegative();
        assertThat(alone).isEmpty();
        assertThat(legs).hasSize(2);
        for (int place = 0; place < 2; place++) {
            assertThat(legs.get(0).get(place)).isNotEqualTo(legs.get(1).get(place));
        }
        assertThat(legs).extracting(List::getLast).containsOnly(PaperNetwork.fingerprint(EXIT));
    }

    @Test
    void aLegThatFailsIsReplacedAndItsGuardIsDown() {
        paper.someRelays(6);
        paper.add(EXIT, "accept 80", "", "Exit");
        CircuitPool of = pool(ClientSettings.DEFAULT.withCircuits(1_000, 0).withConflux(true), 2);
        ask(of, "somebody");
        pass(100);
        dead.add(legs.getFirst().getFirst());
        legs.clear();
        User user = ask(of, "user");
        pass(100);
        assertThat(user.waitedMillis()).isNotNegative();
        assertThat(legs).hasSize(3);
        assertThat(legs.getLast()).doesNotContain(legs.getFirst().getFirst());
        assertThat(of.counts().circuitsFailed()).isZero();
    }

    /// Two legs and three more, none of which it links; then one circuit.
    @Test
    void whereTheExitLinksNothingACircuitServes() {
        paper.someRelays(12);
        paper.add(EXIT, "accept 80", "", "Exit");
        linksCircuits = false;
        CircuitPool of = pool(ClientSettings.DEFAULT.withCircuits(1_000, 0).withConflux(true), 2);
        User user = ask(of, "user");
        pass(200);
        assertThat(user.waitedMillis()).isNotNegative();
        assertThat(legs).hasSize(5);
        assertThat(alone).hasSize(1);
        assertThat(of.counts().circuitsFailed()).isEqualTo(1);
    }

    /// A path of two takes no key exchange with its first hop; one of three does with each.
    @Test
    void theFirstHopOfTwoIsDoneFast() {
        paper.someRelays(3);
        paper.add(EXIT, "accept 80", "", "Exit");
        ClientSettings settings = ClientSettings.DEFAULT.withCircuits(1_000, 0);
        for (int hops : List.of(2, 3)) {
            CircuitPool of = pool(settings.withRules(new PathRules(1, true, Set.of()).withHops(hops)));
            User user = ask(of, "user");
            pass(100);
            assertThat(user.waitedMillis()).isNotNegative();
            assertThat(lastPath).hasSize(hops);
            assertThat(lastPath.getFirst().onionKey() == null).isEqualTo(hops == 2);
            assertThat(lastPath.subList(1, hops)).allMatch(hop -> hop.onionKey() != null);
            of.close();
        }
    }

    private String lastGuard = "";
    private List<Hop> lastPath = List.of();

    private CircuitPool pool(int guards) {
        return pool(ClientSettings.DEFAULT.withCircuits(1_000, 0), guards);
    }

    private CircuitPool pool(ClientSettings settings, int guards) {
        return pool(settings.withRules(new PathRules(guards, true, Set.of())));
    }

    private CircuitPool pool(ClientSettings settings) {
        Entropy entropy = new PaperNetwork.Seeded();
        PathRules rules = settings.rules();
        Guards guards =
                new Guards(entropy, () -> PaperNetwork.NOW, () -> world.ticker().nanoTime(), rules.guards(), List.of());
        pool = new CircuitPool(new Surroundings(), settings, new PathChooser(entropy, rules, guards), guards);
        return pool;
    }

    private User ask(CircuitPool of, String isolation) {
        User user = new User();
        of.take(new StreamRequest(of, Isolation.by(isolation), SITE, null, user));
        return user;
    }

    /// In steps, at the end of each of which relays answer.
    private void pass(long millis) {
        for (long at = 0; at < millis; at += STEP_MILLIS) {
            world.advanceMillis(STEP_MILLIS);
            List<Runnable> due = List.copyOf(answers);
            answers.clear();
            due.forEach(Runnable::run);
        }
    }

    private final class Surroundings implements CircuitPool.Surroundings {
        @Override
        public EventLoop loop() {
            return world.loop();
        }

        @Override
        public long nanoTime() {
            return world.ticker().nanoTime();
        }

        @Override
        public PathRelays relays() {
            return paper.network();
        }

        @Override
        public boolean open(List<Hop> path, PathListener listener) {
            alone.add(answer(path, listener, () -> listener.built(new WorkingPath(listener))));
            return true;
        }

        @Override
        public SetBuilder.Legs set(Runnable whenOver) {
            return new PaperLegs(whenOver);
        }

        private List<String> answer(List<Hop> path, PathListener listener, Runnable whole) {
            opened++;
            List<String> relays =
                    path.stream().map(hop -> Hex.upper(hop.rsaDigest())).toList();
            lastGuard = relays.getFirst();
            lastPath = path;
            answers.add(() -> {
                int answered = 0;
                while (answered < relays.size() && !dead.contains(relays.get(answered))) {
                    answered++;
                }
                if (answered < relays.size()) {
                    listener.ended(answered);
                } else {
                    whole.run();
                }
            });
            return relays;
        }

        /// A conflux set whose exit may not know how.
        private final class PaperLegs implements SetBuilder.Legs {
            private final ClientPath path;
            private int linked;

            PaperLegs(Runnable whenOver) {
                path = new WorkingPath(new PathListener() {
                    @Override
                    public void built(ClientPath of) {}

                    @Override
                    public void ended(int hops) {
                        whenOver.run();
                    }
                });
            }

            @Override
            public boolean open(List<Hop> over, PathListener listener) {
                legs.add(answer(over, listener, () -> {
                    if (linksCircuits) {
                        linked++;
                        listener.built(path);
                    } else {
                        listener.ended(over.size());
                    }
                }));
                return true;
            }

            @Override
            public ClientPath path() {
                return path;
            }

            @Override
            public int linked() {
                return linked;
            }
        }

        @Override
        public void circuitBuilt(long nanos) {}
    }

    /// Connects every stream in the next step.
    private final class WorkingPath implements ClientPath {
        private final PathListener listener;
        private int streams;

        WorkingPath(PathListener listener) {
            this.listener = listener;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean mayOpen() {
            return true;
        }

        @Override
        public int openStreams() {
            return streams;
        }

        @Override
        public ClientStream begin(Destination destination, int flags, ClientStream.Events events) {
            streams++;
            answers.add(events::connected);
            return new QuietStream();
        }

        @Override
        public ClientStream resolve(String name, ClientStream.Events events) {
            return new QuietStream();
        }

        @Override
        public void end() {
            listener.ended(3);
        }
    }

    private record QuietStream() implements ClientStream {
        @Override
        public int send(ByteBuf source) {
            return 0;
        }

        @Override
        public void drained(int bytes) {}

        @Override
        public void end(EndReason reason) {}

        @Override
        public boolean isOver() {
            return false;
        }
    }

    private final class User implements StreamUser {
        private final long begin = world.ticker().nanoTime();
        private long waitedNanos = -1;

        /// Negative: it still waits.
        long waitedMillis() {
            return Math.floorDiv(waitedNanos, 1_000_000);
        }

        @Override
        public void connected(ClientStream stream) {
            waitedNanos = world.ticker().nanoTime() - begin;
        }

        @Override
        public void data(byte[] array, int offset, int length) {}

        @Override
        public void ended(EndReason reason) {}
    }
}
