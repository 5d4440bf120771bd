package sallyport.lab.dirauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryRequest;
import sallyport.engine.directory.DirectoryResponse;
import sallyport.engine.directory.HttpDirectoryTransport;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.world.RealWorld;
import sallyport.lab.authority.AuthorityKeyFiles;
import sallyport.lab.dirauth.VotingTiming.Delays;
import sallyport.lab.network.Loopback;
import sallyport.lab.roster.RosterSettings;
import sallyport.lab.vote.VotingKeys;

/// One authority on loopback, which is the only one of its network: what it answers, and what is left of it
/// after a restart.
class DirectoryAuthorityTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int INTERVAL_SECONDS = 10;
    private static final int DELAY_SECONDS = 2;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    @TempDir
    Path files;

    private final List<String> lines = new ArrayList<>();
    private RealWorld world;
    private AuthoritySpec spec;
    private DirectoryAuthority authority;
    private Authority known;

    @BeforeEach
    void start() throws Exception {
        try (Loopback loopback = Loopback.take()) {
            String address = loopback.freshAddress();
            spec = new AuthoritySpec(
                    "alone",
                    at(address, Loopback.freePort(address, 5_000)),
                    Loopback.freePort(address, 7_000),
                    "nobody",
                    RosterSettings.testing("AuthDirTestReachability 0", "TestingDirAuthVoteGuard *"),
                    Map.of());
        }
        open();
    }

    private static RelayAddress at(String address, int port) {
        RelayAddress at = RelayAddress.parseIp(address, port);
        if (at == null) {
            throw new AssertionError(address);
        }
        return at;
    }

    private void open() throws Exception {
        world = new RealWorld(files, 1, (level, of, text) -> lines.add(level + " " + of + " " + text));
        authority = DirectoryAuthority.make(world, spec);
        known = Authority.parse(authority.line());
        authority.open(new NetworkSpec(true, List.of(known)));
    }

    @AfterEach
    void close() throws Exception {
        authority.close();
        world.close();
    }

    private DirectoryResponse asked(String path, byte @Nullable [] body) throws IOException {
        return new HttpDirectoryTransport(world)
                .exchange(known, new DirectoryRequest(path, Map.of(), body, ANSWER_BYTES_MAX, null));
    }

    private String get(String path) throws IOException {
        DirectoryResponse response = asked(path, null);
        return response.status() + " " + response.reason();
    }

    private String post(String path, byte[] body) throws IOException {
        DirectoryResponse response = asked(path, body);
        return response.status() + " " + response.reason();
    }

    private String text(String path) throws IOException {
        DirectoryResponse response = asked(path, null);
        assertThat(response.status()).as(path).isEqualTo(200);
        return new String(response.body(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void thereIsNoneOutsideOfTestingNetworks() throws Exception {
        DirectoryAuthority other = DirectoryAuthority.make(world, spec);
        assertThatThrownBy(() -> other.open(new NetworkSpec(false, List.of(known))))
                .isInstanceOf(IllegalArgumentException.class);
        Authority stranger = Authority.parse("x orport=1 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:1"
                + " 89ABCDEF0123456789ABCDEF0123456789ABCDEF");
        assertThatThrownBy(() -> other.open(new NetworkSpec(true, List.of(stranger))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Statuses and words of C tor's authorities (dircache.c, dirvote.c).
    @Test
    void whatIsNotThereOrNotGoodIsAnsweredAsTorDoes() throws Exception {
        String zeros = "0".repeat(40);
        for (String path : List.of(
                "/tor/status-vote/next/consensus",
                "/tor/status-vote/next/consensus-signatures",
                "/tor/status-vote/next/authority",
                "/tor/status-vote/next/" + zeros,
                "/tor/status-vote/next/d/" + zeros,
                "/tor/status-vote/next/nonsense",
                "/tor/status-vote/current/authority",
                "/tor/status-vote/current/" + zeros,
                "/tor/status-vote/current/consensus",
                "/tor/server/d/" + zeros,
                "/tor/extra/fp/" + zeros,
                "/tor/micro/d/" + "A".repeat(43),
                "/tor/keys/fp/" + zeros)) {
            assertThat(get(path)).as(path).isEqualTo("404 Not found");
        }
        assertThat(get("/tor/keys/nonsense")).isEqualTo("400 Bad request");
        assertThat(get("/tor/server/d/nonsense")).isEqualTo("404 Servers unavailable");
        byte[] nonsense = "nonsense".getBytes(StandardCharsets.US_ASCII);
        assertThat(post("/tor/post/nonsense", nonsense)).isEqualTo("404 Not found");
        assertThat(post("/tor/", new byte[] {(byte) 0xff}))
                .isEqualTo("400 descriptor(s) or extrainfo(s) not valid UTF-8 or had BOM.");
        authority.vote(soon());
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(post("/tor/post/vote", nonsense)).isEqualTo("400 Unable to parse vote"));
        assertThat(post("/tor/post/consensus-signature", nonsense))
                .isEqualTo("400 Couldn't parse detached signatures.");
    }

    /// What it knew it still hands out when it comes back, without another round.
    @Test
    void aRoundOfVotingOutlivesARestart() throws Exception {
        await().atMost(PATIENCE).until(() -> authority.relays().contains(authority.fingerprint()));
        authority.vote(soon());
        await().atMost(PATIENCE)
                .until(() -> get("/tor/status-vote/current/consensus").startsWith("200 "));
        String consensus = text("/tor/status-vote/current/consensus");
        assertThat(consensus).contains("\nr alone ", "\ndirectory-signature ");
        String vote = text("/tor/status-vote/current/authority");
        String identity = text("/tor/keys/authority")
                .lines()
                .filter(line -> line.startsWith("fingerprint "))
                .map(line -> line.substring("fingerprint ".length()))
                .findFirst()
                .orElseThrow();
        assertThat(text("/tor/status-vote/current/" + identity)).isEqualTo(vote);
        String digest = consensus
                .substring(consensus.indexOf("\nvote-digest ") + "\nvote-digest ".length())
                .lines()
                .findFirst()
                .orElseThrow();
        assertThat(text("/tor/status-vote/current/d/" + digest)).isEqualTo(vote);
        String descriptor = text("/tor/server/authority");
        assertThat(descriptor).contains(" " + spec.orAddress().port() + " 0 " + spec.dirPort() + "\n");
        assertThat(text("/tor/server/all")).isEqualTo(descriptor);

        close();
        open();
        assertThat(text("/tor/status-vote/current/authority")).isEqualTo(vote);
        assertThat(text("/tor/keys/fp/" + identity)).isEqualTo(text("/tor/keys/authority"));
        assertThat(text("/tor/server/fp/" + authority.fingerprint())).isEqualTo(descriptor);
        await().atMost(PATIENCE)
                .until(() -> get("/tor/status-vote/current/consensus").startsWith("200 "));
        assertThat(text("/tor/status-vote/current/consensus")).startsWith("network-status-version 3");
        assertThat(lines).noneMatch(line -> line.startsWith("ERROR"));
    }

    /// While it runs, and without anybody: the next vote has the new certificate, and the consensus its
    /// signature.
    @Test
    void aCertificateThatComesToItsEndIsRenewed() throws Exception {
        RSAPrivateCrtKey identity = key(AuthorityKeyFiles.IDENTITY);
        RSAPrivateCrtKey signing = key(AuthorityKeyFiles.SIGNING);
        Instant before = world.clock().instant().minus(Duration.ofDays(20));
        VotingKeys old = VotingKeys.certify(identity, signing, spec.directory(), before, Duration.ofDays(30));
        world.storage().write("keys/" + AuthorityKeyFiles.CERTIFICATE, old.certificate());
        await().atMost(PATIENCE).until(() -> authority.relays().contains(authority.fingerprint()));
        authority.vote(soon());
        await().atMost(PATIENCE)
                .until(() -> get("/tor/status-vote/current/consensus").startsWith("200 "));
        RSAPrivateCrtKey renewed = key(AuthorityKeyFiles.SIGNING);
        assertThat(renewed).isNotEqualTo(signing);
        assertThat(key(AuthorityKeyFiles.IDENTITY)).isEqualTo(identity);
        assertThat(text("/tor/status-vote/current/consensus")).contains(" " + digest(renewed) + "\n");
        assertThat(text("/tor/keys/authority"))
                .isEqualTo(new String(
                        world.storage()
                                .read("keys/" + AuthorityKeyFiles.CERTIFICATE, ANSWER_BYTES_MAX)
                                .orElseThrow(),
                        StandardCharsets.ISO_8859_1));
    }

    private RSAPrivateCrtKey key(String file) throws Exception {
        byte[] pem = world.storage().read("keys/" + file, ANSWER_BYTES_MAX).orElseThrow();
        return Rsa.readPrivatePem(new String(pem, StandardCharsets.US_ASCII));
    }

    private static String digest(RSAPrivateCrtKey key) {
        return Hex.upper(Hashes.sha1(Rsa.pkcs1(key)));
    }

    /// A round that begins as soon as one may.
    private VotingTiming soon() {
        long first = world.clock().instant().getEpochSecond() + 1 + 2 * DELAY_SECONDS;
        Duration delay = Duration.ofSeconds(DELAY_SECONDS);
        return new VotingTiming(
                new Delays(Duration.ofSeconds(INTERVAL_SECONDS), delay, delay),
                20,
                Duration.ofSeconds(first % INTERVAL_SECONDS));
    }
}
