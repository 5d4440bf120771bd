package sallyport.engine.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// The fake server answers nearly every A question with 127.0.0.1, as a hijacking provider does with its own address.
class HijackProbeTest {
    @TempDir
    Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Duration> slept = new ArrayList<>();
    private int sleepsMax;
    private RealWorld real;
    private World world;
    private EventLoop loop;
    private FakeDnsServer server;
    private DnsTrust trust;

    @BeforeEach
    void start() throws InterruptedException {
        real = new RealWorld(directory, 1, (level, relay, text) -> lines.add(level + " " + relay + " " + text));
        world = withoutWaiting(real);
        loop = real.loops().all().getFirst();
        server = new FakeDnsServer(real, loop);
        trust = new DnsTrust(world);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        real.close();
    }

    @Test
    void oneRoundFindsTheHijackersAddressAndNamesNothing() throws Exception {
        probe().askForAbsentNames();
        assertThat(trust.isHijack(new DnsAnswer.Address(new byte[] {127, 0, 0, 1}, 300)))
                .isTrue();
        assertThat(trust.isHijack(new DnsAnswer.Address(new byte[] {127, 0, 0, 2}, 300)))
                .isFalse();
        assertThat(server.questions).hasSize(24);
        assertThat(server.questions.stream()
                        .map(question -> question.toLowerCase(Locale.ROOT))
                        .distinct())
                .hasSize(24)
                .allMatch(question -> question.matches(
                        "(a|aaaa) ([a-z2-7]{2,16}\\.(invalid|test)|[a-z2-7]{8,16}(|\\.(com|org|net)))\\."));
        assertThat(lines).singleElement().asString().startsWith("WARN  the name servers answer for names that do not");
        probe().askForAbsentNames();
        assertThat(lines).hasSize(1);
    }

    @Test
    void whatAHijackerSaysIsNoSuchName() throws Exception {
        probe().askForAbsentNames();
        ResolverSettings settings = new ResolverSettings(List.of(server.address()), 5_000, 2, true, true);
        Resolver resolver = new Resolver(
                world,
                loop,
                "test",
                () -> settings,
                trust,
                new FaultCounters(),
                TestLimits.plenty(world, loop).memory());
        CompletableFuture<Resolution> hijacked = new CompletableFuture<>();
        CompletableFuture<Resolution> honest = new CompletableFuture<>();
        loop.submit(() -> {
                    resolver.share().addresses("both.example", hijacked::complete);
                    resolver.share().addresses("v4.192-0-2-7.example", honest::complete);
                })
                .get();
        Resolution found = hijacked.get(20, TimeUnit.SECONDS);
        assertThat(found.ipv4())
                .isInstanceOfSatisfying(
                        DnsAnswer.Failure.class,
                        failure -> assertThat(failure.isTransient()).isFalse());
        assertThat(DnsAnswer.addressOf(found.ipv6())).isNotNull();
        assertThat(DnsAnswer.addressOf(honest.get(20, TimeUnit.SECONDS).ipv4())).isNotNull();
        loop.submit(resolver::close).get();
    }

    /// More than half of the names that exist, no fewer.
    @Test
    void serversThatRedirectWhatExistsAreUseless() throws Exception {
        HijackProbe half = probe("v4.example", "v4.192-0-2-7.example", "nx.example");
        half.askForExistingNames();
        assertThat(trust.isUseless()).isFalse();
        half.askForAbsentNames();
        half.askForExistingNames();
        half.askForExistingNames();
        assertThat(trust.isUseless()).isFalse();
        probe("v4.example", "both.example", "nx.example").askForExistingNames();
        assertThat(trust.isUseless()).isTrue();
        assertThat(lines).hasSize(2).noneMatch(line -> line.contains("example"));
    }

    @Test
    void itIsAskedAtTheTimesOfCTorAndOnlyForExits() {
        sleepsMax = 4;
        assertThatThrownBy(() -> probe("v4.192-0-2-7.example").run(() -> slept.size() > 1, () -> {}))
                .isInstanceOf(InterruptedException.class);
        assertThat(slept.get(0)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(180));
        // Nobody let anything out, so no name was asked for.
        assertThat(slept.get(1)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(180));
        assertThat(slept.get(2)).isEqualTo(Duration.ofSeconds(30));
        assertThat(slept.get(3)).isBetween(Duration.ofHours(12), Duration.ofHours(24));
        assertThat(server.questions).hasSize(26);
    }

    @Test
    void theWorstIsToldOnceAndNothingIsAskedAnyMore() throws Exception {
        sleepsMax = 10;
        List<String> told = new ArrayList<>();
        probe("v4.example").run(() -> true, () -> told.add("useless"));
        assertThat(told).hasSize(1);
        assertThat(slept).hasSize(2);
    }

    /// C tor's numbers: more than 5 times the same address, and more than 10 names.
    @Test
    void anAddressIsAHijackersAfterSixSightingsInElevenProbes() {
        byte[] ip = {10, 0, 0, 1};
        DnsAnswer answer = new DnsAnswer.Address(ip, 300);
        for (int i = 0; i < 10; i++) {
            trust.probed();
        }
        for (int i = 0; i < 6; i++) {
            trust.answeredThoughAbsent(ip);
        }
        assertThat(trust.isHijack(answer)).isFalse();
        trust.probed();
        trust.answeredThoughAbsent(ip);
        assertThat(trust.isHijack(answer)).isTrue();

        byte[] other = {10, 0, 0, 2};
        for (int i = 0; i < 5; i++) {
            trust.answeredThoughAbsent(other);
        }
        assertThat(trust.isHijack(new DnsAnswer.Address(other, 300))).isFalse();
    }

    @Test
    void aHijackerWithEverNewAddressesFillsNoMemory() {
        for (int i = 0; i < 20; i++) {
            trust.probed();
        }
        byte[] late = {11, 0, 0, 1};
        for (int i = 0; i < DnsTrust.ADDRESSES_MAX; i++) {
            trust.answeredThoughAbsent(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
        }
        for (int i = 0; i < 20; i++) {
            trust.answeredThoughAbsent(late);
        }
        assertThat(trust.isHijack(new DnsAnswer.Address(late, 300))).isFalse();
    }

    @Test
    void silenceOfAllServersIsSaidOnce() {
        trust.answered();
        trust.allSilent();
        trust.allSilent();
        trust.answered();
        trust.allSilent();
        trust.answered();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("WARN  no name server answers");
        assertThat(lines.get(1)).startsWith("INFO  name servers answer again");
    }

    private HijackProbe probe(String... existing) {
        ResolverSettings settings = new ResolverSettings(List.of(server.address()), 5_000, 2, false, true);
        return new HijackProbe(world, loop, () -> settings, trust, List.of(existing), false);
    }

    /// The same world, in whose tasks no time passes.
    private World withoutWaiting(World behind) {
        Tasks tasks = new Tasks() {
            @Override
            public Task start(String name, Body body) {
                return behind.tasks().start(name, body);
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                slept.add(duration);
                if (slept.size() >= sleepsMax) {
                    throw new InterruptedException("the test has seen enough");
                }
            }

            @Override
            public <T> T await(CompletionStage<T> stage, Duration limit)
                    throws InterruptedException, ExecutionException, TimeoutException {
                return behind.tasks().await(stage, limit);
            }
        };
        return (World) Proxy.newProxyInstance(
                World.class.getClassLoader(),
                new Class<?>[] {World.class},
                (_, method, args) -> method.getName().equals("tasks") ? tasks : method.invoke(behind, args));
    }
}
