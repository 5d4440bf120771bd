package sallyport.engine.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Tally;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.ScarceWorld;

class ResolverTest {
    @TempDir
    Path directory;

    private final FaultCounters faults = new FaultCounters();
    private RealWorld world;
    private EventLoop loop;
    private FakeDnsServer server;
    private InstanceLimits limits;
    private Resolver resolver;
    private volatile ResolverSettings settings;

    @BeforeEach
    void start() throws InterruptedException {
        world = new RealWorld(directory, 1, (_, _, _) -> {});
        loop = world.loops().all().getFirst();
        server = new FakeDnsServer(world, loop);
        settings = new ResolverSettings(List.of(server.address()), 5_000, 2, true, true);
        limits = TestLimits.plenty(world, loop);
        resolver = new Resolver(world, loop, "test", () -> settings, new DnsTrust(world), faults, limits.memory());
    }

    @AfterEach
    void stop() throws Exception {
        loop.submit(resolver::close).get();
        server.close();
        world.close();
    }

    @Test
    void findsBothFamilies() throws Exception {
        Resolution found = resolve("both.example");
        assertThat(DnsAnswer.addressOf(found.ipv4())).containsExactly(127, 0, 0, 1);
        assertThat(DnsAnswer.addressOf(found.ipv6())).hasSize(16).endsWith(1);
        assertThat(found.reverse()).isNull();
    }

    @Test
    void asksForIpv6OnlyWhereTheRelayExitsToIt() throws Exception {
        settings = new ResolverSettings(List.of(server.address()), 5_000, 2, false, true);
        assertThat(resolve("both.example").ipv6()).isNull();
        assertThat(server.asked("both.example")).isEqualTo(1);
        // The setting is turned on: what was remembered no longer suffices.
        settings = new ResolverSettings(List.of(server.address()), 5_000, 2, true, true);
        assertThat(DnsAnswer.addressOf(resolve("both.example").ipv6())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "nx, false, DNS_NOT_EXIST",
        "nodata, false, DNS_NO_DATA",
        "refused, false, DNS_REFUSED",
        "format, false, DNS_FORMAT",
        "notimp, false, DNS_NOT_IMPLEMENTED",
        "strange, false, DNS_UNKNOWN",
        "fail, true, DNS_SERVER_FAILED"
    })
    void failuresAreTransientOrPermanentAndCountedByKind(String kind, boolean isTransient, Tally tally)
            throws Exception {
        Resolution found = resolve(kind + ".example");
        assertThat(found.ipv4())
                .isInstanceOfSatisfying(
                        DnsAnswer.Failure.class,
                        failure -> assertThat(failure.isTransient()).isEqualTo(isTransient));
        assertThat(DnsAnswer.isTransientFailure(found.ipv6())).isEqualTo(isTransient);
        assertThat(faults.tallies().snapshot())
                .containsEntry(Tally.DNS_QUERY, 2L)
                .containsEntry(tally, 2L)
                .containsEntry(Tally.DNS_SUCCESS, 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "wrongcase", "wrongid"})
    void unansweredOrForgedIsATransientFailureAfterTwoAttempts(String kind) throws Exception {
        settings = new ResolverSettings(List.of(server.address()), 50, 2, false, true);
        assertThat(DnsAnswer.isTransientFailure(resolve(kind + ".example").ipv4()))
                .isTrue();
        assertThat(server.asked(kind + ".example")).isEqualTo(2);
        assertThat(faults.tallies().snapshot())
                .containsEntry(Tally.DNS_TIMEOUT, 1L)
                .containsEntry(Tally.DNS_QUERY, 1L);
        if (!kind.equals("silent")) {
            await().until(() -> faults.snapshot().values().stream()
                            .mapToLong(Long::longValue)
                            .sum()
                    >= 2);
        }
    }

    @Test
    void aLostQuestionIsAskedAgain() throws Exception {
        settings = new ResolverSettings(List.of(server.address()), 50, 2, false, true);
        assertThat(DnsAnswer.addressOf(resolve("lost.example").ipv4())).isNotNull();
    }

    @Test
    void truncatedAnswersAreFetchedOverTcp() throws Exception {
        assertThat(DnsAnswer.addressOf(resolve("big.example").ipv4())).containsExactly(127, 0, 0, 1);
    }

    @Test
    void namesAreFoundAgainOnceTheProcessHasSocketsAgain() throws Exception {
        ScarceWorld scarce = new ScarceWorld(world);
        settings = new ResolverSettings(List.of(server.address()), 20, 1, false, true);
        Resolver poor =
                new Resolver(scarce, loop, "test", () -> settings, new DnsTrust(world), faults, limits.memory());
        scarce.exhausted(true);
        // Often enough to meet each of the sockets that could not be made.
        for (int i = 0; i < 40; i++) {
            Resolution none = resolve(poor, "v4.none" + i + ".example");
            assertThat(DnsAnswer.isTransientFailure(none.ipv4())).isTrue();
        }
        scarce.exhausted(false);
        settings = new ResolverSettings(List.of(server.address()), 5_000, 2, false, true);
        for (int i = 0; i < 40; i++) {
            assertThat(DnsAnswer.addressOf(
                            resolve(poor, "v4.some" + i + ".example").ipv4()))
                    .isNotNull();
        }
        assertThat(loop.submit(poor::openQueries).get()).isZero();
        loop.submit(poor::close).get();
    }

    @Test
    void anotherServerIsAskedWhereOneFails() throws Exception {
        try (FakeDnsServer other = new FakeDnsServer(world, loop)) {
            settings = new ResolverSettings(List.of(server.address(), other.address()), 5_000, 2, false, true);
            resolve("fail.example");
            assertThat(server.asked("fail.example")).isEqualTo(1);
            assertThat(other.asked("fail.example")).isEqualTo(1);
        }
    }

    @Test
    void lettersPortsAndIdsAreUnpredictable() throws Exception {
        settings = new ResolverSettings(List.of(server.address()), 5_000, 2, false, true);
        for (int i = 0; i < 64; i++) {
            resolve("v4.x" + i + ".abcdefghijklmnopqrstuvwxyz.example");
        }
        assertThat(new HashSet<>(server.ports)).hasSizeGreaterThan(4);
        HashSet<String> cases = new HashSet<>();
        server.questions.forEach(question -> cases.add(question.substring(question.length() - 35)));
        assertThat(cases).hasSize(64);
    }

    @Test
    void lettersStayAsTheyAreWhereTheOperatorWantsIt() throws Exception {
        settings = new ResolverSettings(List.of(server.address()), 5_000, 2, false, false);
        resolve("v4.abcdefghijklmnopqrstuvwxyz.example");
        assertThat(server.questions).singleElement().asString().contains("v4.abcdefghijklmnopqrstuvwxyz.example");
    }

    @Test
    void equalNamesShareOneQuestionAndOneAnswer() throws Exception {
        List<CompletableFuture<Resolution>> all = new ArrayList<>();
        loop.submit(() -> {
                    for (String name : List.of("v4.example", "V4.EXAMPLE", "v4.example.")) {
                        CompletableFuture<Resolution> one = new CompletableFuture<>();
                        all.add(one);
                        resolver.share().addresses(name, one::complete);
                    }
                })
                .get();
        for (CompletableFuture<Resolution> one : all) {
            assertThat(DnsAnswer.addressOf(one.get(10, TimeUnit.SECONDS).ipv4()))
                    .isNotNull();
        }
        assertThat(server.asked("v4.example")).isEqualTo(2);
        resolve("v4.example");
        assertThat(server.asked("v4.example")).isEqualTo(2);
        assertThat(onLoop(resolver::cachedNames)).isEqualTo(1);
        assertThat(onLoop(resolver::openQueries)).isZero();
    }

    @Test
    void failuresAreRememberedToo() throws Exception {
        resolve("nx.example");
        resolve("nx.example");
        assertThat(server.asked("nx.example")).isEqualTo(2);
    }

    @Test
    void timesAreClippedToTwoValuesAndBlurred() throws Exception {
        for (int i = 0; i < 50; i++) {
            DnsAnswer found = resolve("v4.x" + i + ".example").ipv4();
            assertThat(found).isNotNull();
            assertThat(found.ttlSeconds()).isBetween(3600 - 240, 3600 + 240);
        }
        assertThat(DnsTtl.clip(0)).isEqualTo(300);
        assertThat(DnsTtl.clip(299)).isEqualTo(300);
        assertThat(DnsTtl.clip(300)).isEqualTo(3600);
        assertThat(DnsTtl.clip(1_000_000)).isEqualTo(3600);
    }

    @Test
    void findsTheNameOfAPublicAddressOnly() throws Exception {
        assertThat(lookup("7.2.0.192.in-addr.arpa").reverse())
                .isInstanceOfSatisfying(
                        DnsAnswer.Name.class, name -> assertThat(name.host()).isEqualTo("host.example"));
        assertThat(lookup("1.0.0.127.in-addr.arpa").ipv4()).isInstanceOf(DnsAnswer.Failure.class);
        assertThat(lookup("1.2.3.in-addr.arpa").ipv4()).isInstanceOf(DnsAnswer.Failure.class);
        assertThat(resolve("7.2.0.192.in-addr.arpa").ipv4()).isInstanceOf(DnsAnswer.Failure.class);
        assertThat(lookup("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
                        .reverse())
                .isInstanceOf(DnsAnswer.Name.class);
        assertThat(server.questions).hasSize(2).allMatch(question -> question.startsWith("PTR "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b.example", "exämple.org", "a/b", ".a", "a\0b"})
    void impossibleNamesAreNeverAsked(String name) throws Exception {
        assertThat(resolve(name).ipv4()).isEqualTo(new DnsAnswer.Failure(DnsFault.NOT_EXIST, 300));
        assertThat(server.questions).isEmpty();
    }

    @Test
    void lengthLimitsAreThoseOfDns() {
        String label = "a".repeat(63);
        assertThat(HostName.check(label + ".example")).isNotNull();
        assertThat(HostName.check(label + "a.example")).isNull();
        String longest = (label + ".").repeat(3) + "a".repeat(61);
        assertThat(HostName.check(longest)).isNotNull();
        assertThat(HostName.check(longest + "a")).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoFailsOverItsAnswerDoesNotKeepTheOthersWaiting(boolean closing) throws Exception {
        CompletableFuture<Resolution> other = new CompletableFuture<>();
        String name = closing ? "silent.example" : "v4.example";
        loop.submit(() -> {
                    resolver.share().addresses(name, _ -> {
                        throw new IllegalStateException("of ours");
                    });
                    resolver.share().addresses(name, other::complete);
                })
                .get();
        if (closing) {
            loop.submit(resolver::close).get();
        }
        assertThat(other.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(faults.snapshot()).containsEntry(Resolver.OWN_BUG, 1L);
    }

    /// Questions that nobody answers stay under way: who asks for all there are must leave room for others.
    @Test
    void whoAsksForEverythingLeavesAsMuchForOthersAsItTakes() throws Exception {
        settings = new ResolverSettings(List.of(server.address()), 60_000, 1, true, true);
        CompletableFuture<Resolution> newcomer = new CompletableFuture<>();
        loop.submit(() -> {
                    ResolverShare[] greedy = {resolver.share(), resolver.share(), resolver.share()};
                    for (int i = 0; i < 3 * Resolver.QUERIES_MAX; i++) {
                        greedy[i % 3].addresses("silent.x" + i + ".example", _ -> {});
                    }
                    for (ResolverShare one : greedy) {
                        assertThat(one.questions()).isBetween(2046, 2048);
                    }
                    // The burst may drown the server's first answers.
                    settings = new ResolverSettings(List.of(server.address()), 500, 20, true, true);
                    resolver.share().addresses("v4.example", newcomer::complete);
                    resolver.share().addresses("silent.x1.example", _ -> {});
                })
                .get();
        assertThat(DnsAnswer.addressOf(newcomer.get(20, TimeUnit.SECONDS).ipv4()))
                .isNotNull();
        assertThat(faults.snapshot()).containsKey(Resolver.NO_ROOM);
        loop.submit(resolver::close).get();
        assertThat(onLoop(resolver::openQueries)).isZero();
    }

    @Test
    void closingFailsWhoeverWaits() throws Exception {
        CompletableFuture<Resolution> waiting = new CompletableFuture<>();
        loop.submit(() -> resolver.share().addresses("silent.example", waiting::complete))
                .get();
        loop.submit(resolver::close).get();
        assertThat(DnsAnswer.isTransientFailure(
                        waiting.get(10, TimeUnit.SECONDS).ipv4()))
                .isTrue();
        assertThat(onLoop(resolver::openQueries)).isZero();
    }

    @Test
    void cancelledLookupsHearNothing() throws Exception {
        CompletableFuture<Resolution> cancelled = new CompletableFuture<>();
        CompletableFuture<Resolution> other = new CompletableFuture<>();
        loop.submit(() -> {
                    resolver.share()
                            .addresses("v4.example", cancelled::complete)
                            .cancel();
                    resolver.share().addresses("v4.example", other::complete);
                })
                .get();
        other.get(10, TimeUnit.SECONDS);
        assertThat(cancelled).isNotDone();
    }

    @Test
    void withoutServersEveryNameFailsAtOnce() throws Exception {
        settings = new ResolverSettings(List.of(), 5_000, 2, false, true);
        assertThat(DnsAnswer.isTransientFailure(resolve("v4.example").ipv4())).isTrue();
    }

    private Resolution resolve(String name) throws Exception {
        return resolve(resolver, name);
    }

    private Resolution resolve(Resolver asked, String name) throws Exception {
        CompletableFuture<Resolution> result = new CompletableFuture<>();
        loop.submit(() -> asked.share().addresses(name, result::complete)).get();
        return result.get(20, TimeUnit.SECONDS);
    }

    private Resolution lookup(String name) throws Exception {
        CompletableFuture<Resolution> result = new CompletableFuture<>();
        loop.submit(() -> resolver.share().addressesOrName(name, result::complete))
                .get();
        return result.get(20, TimeUnit.SECONDS);
    }

    private <T> T onLoop(java.util.concurrent.Callable<T> work) throws Exception {
        return loop.submit(work).get();
    }
}
