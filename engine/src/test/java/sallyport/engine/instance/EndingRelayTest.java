package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.Authorities;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.DirectoryUploader;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.limits.Turns;
import sallyport.engine.world.FreePorts;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;
import sallyport.engine.world.WorldOver;

/// A relay that is about to stop takes no new links, whatever else happens to it meanwhile: C tor's `hibernate.c`
/// leaves
/// HIBERNATE_STATE_EXITING by its end alone. Its tasks run when the test says so.
class EndingRelayTest {
    private static final AccountingSpec QUOTA =
            new AccountingSpec(10 << 20, AccountingSpec.NONE.start(), AccountingSpec.NONE.rule());

    @TempDir
    Path directory;

    private final Map<String, Tasks.Body> tasks = new HashMap<>();
    private RealWorld real;
    private World world;
    private RelayAddress address;
    private RelayInstance relay;
    private @Nullable Operator betweenLooks;

    private interface Operator {
        void act() throws InterruptedException;
    }

    @BeforeEach
    void make() throws Exception {
        real = new RealWorld(directory, 1, (_, _, _) -> {});
        world = new WorldOver() {
            @Override
            public World real() {
                return real;
            }

            @Override
            public Tasks tasks() {
                return new HeldTasks();
            }
        };
        address = Objects.requireNonNull(RelayAddress.parseIp("127.0.0.1", FreePorts.next()));
    }

    @AfterEach
    void end() throws Exception {
        relay.stop();
        real.close();
    }

    @Test
    void aRelayThatStillStartsDoesNotListen() throws Exception {
        relay = relay(AccountingSpec.NONE);
        relay.acceptNothingNew();
        relay.start();
        assertThat(listens()).isFalse();
    }

    @Test
    void aRelayThatListensStops() throws Exception {
        relay = relay(AccountingSpec.NONE);
        relay.start();
        assertThat(listens()).isTrue();
        relay.acceptNothingNew();
        settle();
        assertThat(listens()).isFalse();
    }

    @Test
    void aRelayThatWakesUpListensAgain() throws Exception {
        sleep();
        assertThat(listens()).isFalse();
        wakeUp();
        assertThat(listens()).isTrue();
    }

    @Test
    void aRelayThatWakesUpWhileItEndsDoesNot() throws Exception {
        sleep();
        relay.acceptNothingNew();
        wakeUp();
        assertThat(listens()).isFalse();
        assertThat(relay.status().state()).isInstanceOf(InstanceState.Hibernating.class);
    }

    /// A port may open in the very moment when nobody wants it any more; here it is one of another address.
    @Test
    void aPortThatOpensTooLateIsClosedAgain() throws Exception {
        relay = relay(AccountingSpec.NONE);
        relay.start();
        relay.acceptNothingNew();
        address = Objects.requireNonNull(RelayAddress.parseIp("127.0.0.1", FreePorts.next()));
        relay.apply(spec(address, AccountingSpec.NONE));
        settle();
        assertThat(listens()).isFalse();
    }

    /// Its `state` file says that the quota is used up.
    private void sleep() throws Exception {
        RelayKeys keys = RelayKeys.open(world.storage(), "relays/r1/keys", world.entropy(), world.clock());
        keys.replaceStateLines(
                List.of("Accounting"),
                List.of(
                        "AccountingBytesReadInInterval " + QUOTA.maxBytes(),
                        "AccountingBytesWrittenInInterval 0",
                        "AccountingExpectedUsage 0",
                        "AccountingIntervalStart "
                                + LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1) + " 00:00:00",
                        "AccountingSecondsActive 0",
                        "AccountingSecondsToReachSoftLimit 0",
                        "AccountingBytesAtSoftLimit 0"));
        relay = relay(QUOTA);
        relay.start();
        assertThat(relay.status().state()).isInstanceOf(InstanceState.Hibernating.class);
    }

    /// Between two looks of the relay at its quota the operator lifts it.
    private void wakeUp() throws Exception {
        betweenLooks = () -> relay.apply(spec(address, AccountingSpec.NONE));
        try {
            Objects.requireNonNull(tasks.get("accounting of r1")).run();
        } catch (InterruptedException looked) {
            settle();
        }
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.inet(), address.port()));
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    /// Whatever was given to the loop is done: what it did gave it nothing further that matters here.
    private void settle() throws Exception {
        EventLoop loop = real.loops().all().getFirst();
        for (int i = 0; i < 3; i++) {
            loop.submit(() -> {}).get(60, TimeUnit.SECONDS);
        }
    }

    private RelayInstance relay(AccountingSpec accounting) {
        return new RelayInstance(spec(address, accounting), surroundings());
    }

    private static InstanceSpec spec(RelayAddress address, AccountingSpec accounting) {
        return TestSpecs.of("r1", "Nick1", address, accounting);
    }

    private Surroundings surroundings() {
        DirectoryStore store = new DirectoryStore();
        return new Surroundings(
                world,
                real.loops().all().getFirst(),
                new CellPool(),
                store,
                new DirectoryCache(world, store),
                new DirectoryUploader(world, new Authorities(List.of())),
                new FamilyRegister(),
                new OwnAddresses(),
                TestLimits.plenty(world),
                true,
                new NameServers(world, List.of(), true, store),
                new Turns(1),
                () -> HouseRules.DEFAULT);
    }

    /// Keeps bodies instead of running them; who sleeps for the second time is done.
    private final class HeldTasks implements Tasks {
        // Who waits so long waits for nothing in particular.
        private static final Duration REST = Duration.ofHours(1);

        @Override
        public Task start(String name, Body body) {
            tasks.put(name, body);
            return new Task() {
                @Override
                public void cancel() {
                    tasks.remove(name);
                }

                @Override
                public boolean join(Duration limit) {
                    return true;
                }
            };
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Operator meanwhile = betweenLooks;
            betweenLooks = null;
            if (meanwhile == null) {
                throw new InterruptedException("the test has seen enough");
            }
            meanwhile.act();
        }

        @Override
        public <T> T await(CompletionStage<T> stage, Duration limit)
                throws InterruptedException, ExecutionException, TimeoutException {
            if (limit.compareTo(REST) >= 0) {
                sleep(limit);
                throw new TimeoutException();
            }
            return real.tasks().await(stage, limit);
        }
    }
}
