package sallyport.engine.descriptor;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.KnownNetwork;
import sallyport.engine.directory.UploadResult;
import sallyport.engine.directory.UploadResult.Outcome;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.world.Log;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;
import sallyport.engine.world.World;

/// A publisher whose authorities answer as told, in a world whose time is the test's.
final class PublisherRig {
    final SettableClock clock = new SettableClock();
    private final MockTicker ticker = Ticker.newMockTicker();
    private final SeededEntropy entropy = new SeededEntropy(1);
    final List<String> lines = new ArrayList<>();
    final DirectoryStore directory = new DirectoryStore();
    final Map<String, Outcome> answers = new HashMap<>();
    TreeSet<String> family = new TreeSet<>();
    ExitPolicy policy = ExitPolicy.REJECT_ALL;
    String refusal = "told to";
    String place = "192.0.2.7";
    final List<String> uploads = new ArrayList<>();
    final List<String> published = new ArrayList<>();

    final RelayKeys keys;

    DescriptorPublisher publisher;

    boolean hibernating;
    RelayStatistics statistics;

    PublisherRig() {
        try {
            keys = RelayKeys.open(new MemoryStorage(), "relays/r1/keys", entropy, clock);
        } catch (IOException | KeyFileException e) {
            throw new AssertionError(e);
        }
        statistics = TestStatistics.none(world());
        publisher = publisher(false);
    }

    /// Anew, where nobody waits for a proof.
    void beginInTestingNetwork() {
        publisher = publisher(true);
    }

    /// The consensus of this very moment has the relay at 192.0.2.7.
    void lists() {
        KnownNetwork.lists(directory, clock.instant(), keys.identity().rsaDigest(), Set.of("Running"));
    }

    void pass(Duration time) {
        clock.advance(time);
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private DescriptorPublisher publisher(boolean testing) {
        Supplier<DescriptorSpec> spec = () -> new DescriptorSpec(
                "Nick1",
                Objects.requireNonNull(RelayAddress.parseIp(place, 9001)),
                null,
                "",
                policy,
                family,
                FamilyKeys.NONE,
                BandwidthRates.UNLIMITED,
                hibernating,
                true,
                0);
        World world = world();
        statistics = TestStatistics.none(world);
        return new DescriptorPublisher(
                world, "r1", keys, spec, statistics, new Overload(world), directory, this::upload, testing);
    }

    private List<UploadResult> upload(byte[] body, String reason, Predicate<Authority> to) {
        List<UploadResult> results = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            Authority authority = authority(i);
            if (to.test(authority)) {
                names.append(' ').append(authority.nickname());
                Outcome outcome = answers.getOrDefault(authority.nickname(), Outcome.ACCEPTED);
                results.add(new UploadResult(authority, outcome, refusal));
            }
        }
        uploads.add(reason + " to" + names);
        published.add(new String(body, java.nio.charset.StandardCharsets.UTF_8));
        return results;
    }

    private static Authority authority(int number) {
        byte[] digest = new byte[20];
        digest[0] = (byte) number;
        return new Authority(
                "a" + number, digest, digest, Objects.requireNonNull(RelayAddress.parseIp("192.0.2.1", 80)), 0, null);
    }

    /// A world with the doors that a publisher opens in a step; any other is a fault of this test.
    private World world() {
        Log log = (level, relay, text) -> lines.add(level + " " + relay + " " + text);
        Map<String, Object> doors = Map.of("ticker", ticker, "clock", clock, "entropy", entropy, "log", log);
        return (World) Proxy.newProxyInstance(
                World.class.getClassLoader(),
                new Class<?>[] {World.class},
                (_, method, _) -> Objects.requireNonNull(doors.get(method.getName()), method.getName()));
    }
}
