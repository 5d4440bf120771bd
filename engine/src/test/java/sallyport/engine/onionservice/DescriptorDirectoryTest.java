package sallyport.engine.onionservice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.compress.Compression;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.OnionDescriptorText;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SteppedTicker;
import sallyport.engine.world.WaitingWorkers;
import sallyport.engine.world.Workers;

/// The directory of onion services, request by request; answers are those of C tor's dircache.c and hs_cache.c.
class DescriptorDirectoryTest implements ClosedWorld {
    private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
    private static final String STORED = "200 HS descriptor stored successfully.";
    private static final String INVALID = "400 Invalid HS descriptor. Rejected.";
    private static final String NOT_FOUND = "404 Not found";
    private static final long MEMORY_BYTES = 5_000_000;

    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private final WaitingWorkers workers = new WaitingWorkers();
    private final Map<String, Integer> voted = new HashMap<>();
    private final InstanceLimits limits =
            TestLimits.of(this, MEMORY_BYTES, 10, 10).open("test", loop, new FaultCounters());
    private long nanos = 1;
    private final SeededEntropy entropy = new SeededEntropy(1);
    private final RelayStatistics statistics = TestStatistics.none(this);
    private final DescriptorDirectory directory = new DescriptorDirectory(
            this, loop, "test", () -> new NetworkParameters(voted), new FaultCounters(), statistics, limits.memory());

    @AfterEach
    void nothingIsHeldAfterTheEnd() {
        directory.close();
        assertThat(limits.memory().held()).isZero();
    }

    @Test
    void givesWhatWasPublished() {
        byte[] text = descriptor(1).signed(NOW);
        assertThat(fetch(1)).isEqualTo(NOT_FOUND);
        assertThat(publish(text)).isEqualTo(STORED);
        assertThat(fetch(1)).isEqualTo("200 " + text.length);
        assertThat(fetch(2)).isEqualTo(NOT_FOUND);
        assertThat(directory.counts()).isEqualTo(new DescriptorDirectory.Counts(1, 1, 1));
    }

    /// A service that publishes twice is one.
    @Test
    void servicesThatStoreAreCountedOnce() {
        statistics.follow(Set.of(StatisticKind.ONION_SERVICES), true);
        TestStatistics.beginOnionServices(statistics);
        assertThat(publish(descriptor(1).withRevision("7").signed(NOW))).isEqualTo(STORED);
        assertThat(publish(descriptor(1).withRevision("8").signed(NOW))).isEqualTo(STORED);
        assertThat(publish(descriptor(1).withRevision("8").signed(NOW))).isEqualTo(INVALID);
        assertThat(publish(descriptor(2).signed(NOW))).isEqualTo(STORED);
        assertThat(TestStatistics.stored(statistics)).isEqualTo(2);
    }

    @Test
    void onlyANewerRevisionReplacesADescriptor() {
        assertThat(publish(descriptor(1).withRevision("7").signed(NOW))).isEqualTo(STORED);
        assertThat(publish(descriptor(1).withRevision("7").signed(NOW))).isEqualTo(INVALID);
        assertThat(publish(descriptor(1).withRevision("6").signed(NOW))).isEqualTo(INVALID);
        byte[] newer = descriptor(1).withRevision("8").withSealed(500).signed(NOW);
        assertThat(publish(newer)).isEqualTo(STORED);
        assertThat(fetch(1)).isEqualTo("200 " + newer.length);
        assertThat(directory.counts().descriptors()).isEqualTo(1);
    }

    @Test
    void whatIsNoDescriptorIsRefused() {
        assertThat(publish(new byte[0])).isEqualTo(INVALID);
        assertThat(publish("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEqualTo(INVALID);
        byte[] text = descriptor(1).signed(NOW);
        assertThat(ask(DirRequest.Method.POST, "/tor/hs/2/publish", text, true)).isEqualTo(INVALID);
        assertThat(ask(DirRequest.Method.POST, "/tor/hs/3/", text, true)).isEqualTo(INVALID);
        voted.put("HSV3MaxDescriptorSize", text.length);
        assertThat(publish(text)).isEqualTo(INVALID);
        voted.put("HSV3MaxDescriptorSize", text.length + 1);
        assertThat(publish(text)).isEqualTo(STORED);
    }

    @Test
    void singleHopClientsAreSentAway() {
        assertThat(ask(
                        DirRequest.Method.POST,
                        "/tor/hs/3/publish",
                        descriptor(1).signed(NOW),
                        false))
                .isEqualTo("503 Rejecting single hop HS descriptor post");
        assertThat(publish(descriptor(1).signed(NOW))).isEqualTo(STORED);
        assertThat(ask(DirRequest.Method.GET, "/tor/hs/3/" + key(1), new byte[0], false))
                .isEqualTo("503 Rejecting single hop HS v3 descriptor request");
    }

    @Test
    void pathsThatNameNoKeyFindNothing() {
        for (String name : List.of("", "x", key(1) + "/", key(1).substring(1), "=".repeat(43), "publish")) {
            assertThat(ask(DirRequest.Method.GET, "/tor/hs/3/" + name, new byte[0], true))
                    .isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void aDescriptorLivesAsLongAsItSays() {
        publish(descriptor(1).withLifetime("60").signed(NOW));
        publish(descriptor(2).withLifetime("720").signed(NOW));
        pass(3599);
        assertThat(fetch(1)).startsWith("200");
        pass(1);
        assertThat(fetch(1)).isEqualTo(NOT_FOUND);
        // A key that has come to its end may begin again with any revision.
        assertThat(publish(descriptor(1).withRevision("1").signed(NOW))).isEqualTo(STORED);
        assertThat(fetch(2)).startsWith("200");
        pass(12 * 3600);
        publish(descriptor(3).signed(NOW));
        assertThat(directory.counts().descriptors()).isEqualTo(1);
    }

    /// C tor's bug 41006: a service that published anew was the first to go, for nobody had asked for it yet.
    @Test
    void whatIsAskedForOutlastsAFloodAlsoAfterItsRenewal() {
        publish(descriptor(1).signed(NOW));
        assertThat(fetch(1)).startsWith("200");
        assertThat(publish(descriptor(1).withRevision("43").signed(NOW))).isEqualTo(STORED);
        for (int name = 2; name < 120; name++) {
            pass(1);
            assertThat(publish(descriptor(name).withSealed(20_000).signed(NOW))).isEqualTo(STORED);
            // The newest is there, whatever had to go for it.
            assertThat(directory.counts().descriptors()).isLessThan(60);
        }
        assertThat(fetch(119)).startsWith("200");
        assertThat(fetch(2)).isEqualTo(NOT_FOUND);
        assertThat(fetch(1)).startsWith("200");
        assertThat(limits.memory().held()).isLessThan(MEMORY_BYTES / 4);
    }

    @Test
    void uploadsBeyondWhatWorkersShouldHoldAreSentAway() {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i <= DescriptorDirectory.CHECKS_MAX; i++) {
            directory.publish(
                    request(
                            DirRequest.Method.POST,
                            "/tor/hs/3/publish",
                            descriptor(i + 1).signed(NOW),
                            true),
                    answer -> answers.add(text(answer)));
        }
        assertThat(answers).containsExactly("503 Directory busy, try again later");
        assertThat(limits.memory().held()).isPositive();
        workers.work();
        assertThat(answers).hasSize(DescriptorDirectory.CHECKS_MAX + 1).endsWith(STORED);
    }

    private static OnionDescriptorText descriptor(int name) {
        return OnionDescriptorText.of(OnionMessages.secret(name));
    }

    private static String key(int name) {
        return Base64Text.unpadded(Ed25519.publicKey(OnionMessages.secret(name)));
    }

    private String publish(byte[] text) {
        return ask(DirRequest.Method.POST, "/tor/hs/3/publish", text, true);
    }

    private String fetch(int name) {
        return ask(DirRequest.Method.GET, "/tor/hs/3/" + key(name), new byte[0], true);
    }

    private String ask(DirRequest.Method method, String path, byte[] body, boolean isAnonymous) {
        List<String> answers = new ArrayList<>();
        DirRequest request = request(method, path, body, isAnonymous);
        if (method == DirRequest.Method.GET) {
            directory.fetch(request, answer -> answers.add(text(answer)));
        } else {
            directory.publish(request, answer -> answers.add(text(answer)));
        }
        workers.work();
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private static DirRequest request(DirRequest.Method method, String path, byte[] body, boolean isAnonymous) {
        return new DirRequest(method, path, "", body, Set.of(Compression.IDENTITY), null, isAnonymous);
    }

    private static String text(DirAnswer answer) {
        return switch (answer) {
            case DirAnswer.Status status -> status.status() + " " + status.reason();
            case DirAnswer.Document document -> "200 " + document.lengthBytes();
        };
    }

    private void pass(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Override
    public Workers workers() {
        return workers;
    }

    @Override
    public Ticker ticker() {
        return (SteppedTicker) () -> nanos;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(NOW);
    }
}
