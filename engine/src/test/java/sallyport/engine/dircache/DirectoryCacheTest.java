package sallyport.engine.dircache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.compress.Compression;
import sallyport.engine.compress.Unpacked;
import sallyport.engine.directory.CapturedDirectory;
import sallyport.engine.dirserver.Dialogue;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.Captured;
import sallyport.engine.netdoc.ConsensusDiff;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.GeneratedNetwork;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.UnverifiedConsensus;

/// What clients get, request by request; answers to what is not there are C tor's (dircache.c).
class DirectoryCacheTest {
    private static final String CONSENSUS = "/tor/status-vote/current/consensus";
    private static final GeneratedNetwork NETWORK = new GeneratedNetwork(3);
    private static final List<GeneratedNetwork.Relay> RELAYS =
            GeneratedNetwork.relays(300, Flavor.MICRODESC, new Random(3));
    private static final Instant FIRST = GeneratedNetwork.START;
    private static final Instant SECOND = FIRST.plus(Duration.ofHours(1));

    @TempDir
    Path directory;

    private CacheWorld world;
    private DirectoryCache cache;
    private Dialogue dialogue;
    private @Nullable OwnDocuments own;

    @BeforeEach
    void start() throws Exception {
        world = new CacheWorld(directory, Captured.THEN);
        open();
    }

    private void open() throws Exception {
        cache = new DirectoryCache(world, CapturedDirectory.store());
        dialogue = new Dialogue(cache.routes(() -> own));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private static String request(String path, String... headers) {
        return "GET " + path + " HTTP/1.0\r\n"
                + Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining()) + "\r\n";
    }

    private String status(String path, String... headers) {
        String answer = dialogue.ask(request(path, headers));
        return answer.substring("HTTP/1.0 ".length(), answer.indexOf('\r'));
    }

    private String head(String path, String... headers) {
        String answer = dialogue.ask(request(path, headers));
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 2);
    }

    private byte[] body(String path, String... headers) throws IOException {
        byte[] answer = dialogue.exchange(request(path, headers));
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("HTTP/1.0 200 OK\r\n");
        int at = text.indexOf("Content-Encoding: ") + "Content-Encoding: ".length();
        Compression how = Compression.of(text.substring(at, text.indexOf('\r', at)));
        return Unpacked.of(how, Arrays.copyOfRange(answer, text.indexOf("\r\n\r\n") + 4, answer.length));
    }

    private byte[] believe(Instant validAfter, List<GeneratedNetwork.Relay> relays) throws Exception {
        byte[] text = NETWORK.consensus(Flavor.MICRODESC, validAfter, relays, 0, 1);
        world.now = validAfter.plus(Duration.ofMinutes(1));
        UnverifiedConsensus document = UnverifiedConsensus.parse(text);
        cache.listener().believed(document, document.verify(NETWORK.trust(0, 1), world.now));
        return text;
    }

    private static String digest(byte[] consensus) throws Exception {
        return Hex.upper(UnverifiedConsensus.digestAsSigned(consensus));
    }

    @Test
    void nothingIsServedBeforeTheFirstConsensus() {
        assertThat(status(CONSENSUS)).isEqualTo("404 Not found");
        assertThat(status(CONSENSUS + "-microdesc/diff/" + "AB".repeat(32) + "/x"))
                .isEqualTo("404 No such diff available");
    }

    @ParameterizedTest
    @CsvSource({
        "identity, identity",
        "'deflate, gzip', deflate",
        "gzip, gzip",
        "'x-zstd, deflate', x-zstd",
        "'identity,x-tor-lzma,x-zstd', x-tor-lzma",
        "br, identity"
    })
    void theConsensusComesInTheBestEncodingThatTheClientTakes(String accepted, String sent) throws Exception {
        byte[] text = believe(FIRST, RELAYS);
        String path = CONSENSUS + "-microdesc";
        assertThat(head(path, "Accept-Encoding: " + accepted))
                .contains("Content-Encoding: " + sent + "\r\n", "Vary: X-Or-Diff-From-Consensus\r\n", "Expires: ")
                .doesNotContain("Content-Length");
        assertThat(body(path, "Accept-Encoding: " + accepted)).isEqualTo(text);
    }

    /// A full ledger costs diffs and encodings, never the consensus: it is in memory, and lies there
    /// uncompressed.
    @Test
    void nothingIsWrittenBeyondTheCeiling() throws Exception {
        cache = new DirectoryCache(world, CapturedDirectory.store(), new DirRoutes(), 1);
        dialogue = new Dialogue(cache.routes(() -> own));
        byte[] text = believe(FIRST, RELAYS);
        assertThat(world.storage().list("dircache")).isEmpty();
        assertThat(body(CONSENSUS + "-microdesc", "Accept-Encoding: deflate")).isEqualTo(text);
    }

    @Test
    void aPathThatEndsInZIsDeflated() throws Exception {
        byte[] text = believe(FIRST, RELAYS);
        assertThat(head(CONSENSUS + "-microdesc.z")).contains("Content-Encoding: deflate\r\n");
        assertThat(body(CONSENSUS + "-microdesc.z")).isEqualTo(text);
        assertThat(status(CONSENSUS)).isEqualTo("404 Not found");
    }

    @Test
    void aDiffIsServedToWhoHasAnOlderConsensus() throws Exception {
        byte[] old = believe(FIRST, RELAYS);
        byte[] fresh = believe(SECOND, RELAYS.subList(10, 290));
        String path = CONSENSUS + "-microdesc";
        String from = "X-Or-Diff-From-Consensus: " + digest(old);

        for (String accepted : List.of("identity", "deflate", "gzip", "x-zstd", "x-tor-lzma")) {
            byte[] diff = body(path, from, "Accept-Encoding: " + accepted);
            assertThat(ConsensusDiff.apply(old, diff)).isEqualTo(fresh);
        }
        assertThat(ConsensusDiff.apply(old, body(path + "/diff/" + digest(old))))
                .isEqualTo(fresh);
        assertThat(body(path, "X-Or-Diff-From-Consensus: zz " + "AB".repeat(32)))
                .isEqualTo(fresh);
        assertThat(status(path, "X-Or-Diff-From-Consensus: " + digest(fresh))).isEqualTo("304 Not modified");
        assertThat(status(path, from + " " + digest(fresh))).isEqualTo("304 Not modified");
        assertThat(status(path + "/diff/" + "AB".repeat(32))).isEqualTo("404 No such diff available");
        assertThat(status(path + "/diff/AB")).isEqualTo("404 Couldn't parse request");
        // Of the other flavor there is none.
        assertThat(status(CONSENSUS, from)).isEqualTo("404 Not found");
    }

    /// After a restart the same lies ready without being made again.
    @Test
    void whatLiesOnDiskIsFoundAgain() throws Exception {
        byte[] old = believe(FIRST, RELAYS);
        byte[] fresh = believe(SECOND, RELAYS.subList(0, 200));
        int works = world.works;
        open();
        byte[] same = believe(SECOND, RELAYS.subList(0, 200));

        assertThat(same).isEqualTo(fresh);
        assertThat(world.works).isEqualTo(works);
        assertThat(ConsensusDiff.apply(old, body(CONSENSUS + "-microdesc", "X-Or-Diff-From-Consensus: " + digest(old))))
                .isEqualTo(fresh);
        try (Stream<Path> files = Files.list(directory.resolve(Artefacts.DIRECTORY))) {
            // The newest in three encodings, the old one in one, the diff in three.
            assertThat(files).hasSize(7);
        }
    }

    @Test
    void onlySoManyOldOnesAreKept() throws Exception {
        List<byte[]> all = new ArrayList<>();
        for (int hour = 0; hour < 75; hour++) {
            all.add(believe(FIRST.plus(Duration.ofHours(hour)), RELAYS.subList(hour, hour + 5)));
        }
        String path = CONSENSUS + "-microdesc/diff/";
        assertThat(status(path + digest(all.get(1)))).isEqualTo("404 No such diff available");
        assertThat(status(path + digest(all.get(2)))).isEqualTo("200 OK");
    }

    @Test
    void aConsensusThatIsTooOldOrTooNewIsNotServed() throws Exception {
        byte[] _ = believe(FIRST, RELAYS);
        String path = CONSENSUS + "-microdesc";
        world.now = FIRST.plus(Duration.ofHours(3 + 24));
        assertThat(status(path)).isEqualTo("200 OK");
        assertThat(head(path)).contains("Pragma: no-cache\r\n");
        world.now = world.now.plusSeconds(1);
        assertThat(status(path)).isEqualTo("404 Consensus is too old");
        world.now = FIRST.minus(Duration.ofHours(24));
        assertThat(status(path)).isEqualTo("200 OK");
        world.now = world.now.minusSeconds(1);
        assertThat(status(path)).isEqualTo("404 Consensus is too new");
    }

    /// Signed by authorities 0 and 1 of three.
    @Test
    void aClientMaySayWhoseSignaturesItWants() throws Exception {
        byte[] _ = believe(FIRST, RELAYS);
        String path = CONSENSUS + "-microdesc/";
        List<String> names = Stream.of(0, 1, 2)
                .map(number -> Hex.lower(NETWORK.ident(number)))
                .toList();
        String refusal = "404 Consensus not signed by sufficient number of requested authorities";
        assertThat(status(path + String.join("+", names))).isEqualTo("200 OK");
        assertThat(status(path + names.get(0))).isEqualTo("200 OK");
        assertThat(status(path + names.get(0).substring(0, 6))).isEqualTo("200 OK");
        assertThat(status(path + names.get(2))).isEqualTo(refusal);
        assertThat(status(path + names.get(0) + "+" + names.get(2))).isEqualTo(refusal);
        assertThat(status(path)).isEqualTo("200 OK");
    }

    @Test
    void ifModifiedSinceCountsFromValidAfter() throws Exception {
        byte[] _ = believe(FIRST, RELAYS);
        String path = CONSENSUS + "-microdesc";
        assertThat(status(path, "If-Modified-Since: Wed, 01 May 2030 12:00:00 GMT"))
                .isEqualTo("200 OK");
        assertThat(status(path, "If-Modified-Since: Wed, 01 May 2030 12:00:01 GMT"))
                .isEqualTo("304 Not modified");
        assertThat(status(path, "If-Modified-Since: the day before")).isEqualTo("200 OK");
    }

    @Test
    void microdescriptorsComeByTheirDigests() throws Exception {
        List<Microdescriptor> all = CapturedDirectory.microdescriptors();
        List<String> names = all.stream()
                .map(one -> Base64Text.unpadded(one.digest()))
                .sorted()
                .toList();
        String path = "/tor/micro/d/" + String.join("-", names);
        for (String accepted : List.of("identity", "deflate", "gzip", "x-zstd", "x-tor-lzma")) {
            String text = new String(body(path, "Accept-Encoding: " + accepted), StandardCharsets.US_ASCII);
            assertThat(text.split("(?=onion-key\n)")).hasSize(all.size());
            for (Microdescriptor one : all) {
                assertThat(text).contains(new String(one.encoded(), StandardCharsets.US_ASCII));
            }
        }
        String one = "/tor/micro/d/" + names.getFirst();
        assertThat(body(one + "-" + names.getFirst() + "-short-" + "A".repeat(43)))
                .isEqualTo(body(one));
        assertThat(status("/tor/micro/d/" + "A".repeat(43))).isEqualTo("404 Not found");
        assertThat(status("/tor/micro/d/")).isEqualTo("404 Not found");
        // LZMA is not made for a single client, as in C tor.
        assertThat(head(path, "Accept-Encoding: x-tor-lzma")).contains("Content-Encoding: identity");
    }

    @Test
    void descriptorsComeByDigestByFingerprintAndAll() throws Exception {
        List<RouterDescriptor> all = CapturedDirectory.descriptors();
        RouterDescriptor one = all.getFirst();
        assertThat(body("/tor/server/d/" + Hex.upper(one.digest()))).isEqualTo(one.encoded());
        assertThat(body("/tor/server/fp/" + Hex.lower(one.rsaDigest()) + ".z")).isEqualTo(one.encoded());
        assertThat(head("/tor/server/d/" + Hex.upper(one.digest()))).contains("Expires: ");
        String two = Hex.upper(one.digest()) + "+" + Hex.upper(all.get(1).digest());
        assertThat(head("/tor/server/d/" + two)).contains("Pragma: no-cache");
        assertThat(body("/tor/server/d/" + two))
                .hasSize(one.encoded().length + all.get(1).encoded().length);
        assertThat(body("/tor/server/all"))
                .hasSize(all.stream().mapToInt(it -> it.encoded().length).sum());
        world.now = Captured.THEN.plus(Duration.ofHours(30));
        assertThat(status("/tor/server/fp/" + Hex.lower(one.rsaDigest()))).isEqualTo("404 Not found");
        assertThat(status("/tor/server/d/" + Hex.upper(one.digest()))).isEqualTo("200 OK");
    }

    @ParameterizedTest
    @CsvSource({
        "/tor/server/d/zz, 404 Servers unavailable",
        "/tor/server/d/, 404 Servers unavailable",
        "/tor/server/d/0000000000000000000000000000000000000000, 404 Not found",
        "/tor/server/fp/0000000000000000000000000000000000000000, 404 Not found",
        "/tor/server/allx, 404 Not found",
        "/tor/server/, 404 Not found",
        "/tor/server/authority, 404 Servers unavailable",
        "/tor/extra/authority, 404 Servers unavailable",
        "/tor/extra/all, 404 Servers unavailable",
        "/tor/extra/d/0000000000000000000000000000000000000000, 404 Not found",
        "/tor/keys/, 400 Bad request",
        "/tor/keys/x, 400 Bad request",
        "/tor/keys/authority, 404 Not found",
        "/tor/keys/fp/00, 404 Not found",
        "/tor/, 404 Not found",
        "/, 404 Not found",
        "/tor/status-vote/current/authority, 404 Not found",
        "/tor/status-vote/current/d/00, 404 Not found",
        "/tor/status-vote/next/consensus, 404 Not found",
        "/tor/status-vote/next/bandwidth, 404 Not found",
        "/tor/networkstatus-bridges, 404 Not found",
        "/tor/robots.txt, 200 OK",
        "/robots.txt, 200 OK"
    })
    void otherPathsAreAnsweredAsByACTorRelay(String path, String status) {
        assertThat(status(path)).isEqualTo(status);
    }

    @Test
    void whatTheRelaySaysOfItselfIsItsOwn() throws Exception {
        byte[] fingerprint = new byte[20];
        own = new OwnDocuments(fingerprint, new byte[] {'d'}, new byte[] {'e'}, Captured.THEN);
        assertThat(body("/tor/server/authority")).containsExactly('d');
        assertThat(body("/tor/extra/authority")).containsExactly('e');
        assertThat(body("/tor/server/fp/" + Hex.upper(fingerprint))).containsExactly('d');
        assertThat(body("/tor/extra/fp/" + Hex.upper(fingerprint))).containsExactly('e');
    }

    @Test
    void certificatesComeByIdentityAndBySigningKey() throws Exception {
        List<AuthorityCertificate> all = Captured.certificates();
        AuthorityCertificate one = all.getFirst();
        String fp = Hex.upper(one.identity());
        String sk = Hex.upper(one.signingKeyDigest());
        assertThat(body("/tor/keys/fp/" + fp)).isEqualTo(one.encoded());
        assertThat(body("/tor/keys/sk/" + sk)).isEqualTo(one.encoded());
        assertThat(body("/tor/keys/fp-sk/" + fp + "-" + sk + "+" + fp)).isEqualTo(one.encoded());
        assertThat(body("/tor/keys/all"))
                .hasSize(all.stream().mapToInt(it -> it.encoded().length).sum());
        assertThat(head("/tor/keys/all")).contains("Content-Length: ");
        assertThat(head("/tor/keys/all.z")).doesNotContain("Content-Length: ");
        assertThat(status("/tor/keys/fp-sk/" + fp + "-" + fp)).isEqualTo("404 Not found");
        assertThat(status("/tor/keys/all", "If-Modified-Since: Sun, 22 Nov 2099 06:07:08 GMT"))
                .isEqualTo("304 Not modified");
    }

    /// As many digests as fit the head of a request; what is none is passed over.
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1200})
    void manyDigestsInOneRequestAreLookedUp(int count) {
        String path = "/tor/server/d/" + String.join("+", Collections.nCopies(count, "00".repeat(20)));
        assertThat(status(path)).isEqualTo("404 Not found");
    }
}
