package sallyport.lab.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.KeyFileException;
import sallyport.lab.synthetic.MemoryStorage;
import sallyport.lab.vote.VotingKeys;

/// An authority keeps its identity whatever happens to the rest, and no file that cannot be used is lost.
class AuthorityKeyFilesTest {
    // Shorter than any authority's: they are made for each test.
    private static final int KEY_BITS = 1_024;
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final String KEYS = "keys/";
    private static final byte[] ENCRYPTED =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final MemoryStorage storage = new MemoryStorage();
    private VotingKeys first = VotingKeys.make(address(), NOW, KEY_BITS, KEY_BITS);

    @BeforeEach
    void make() throws Exception {
        first = open(NOW);
    }

    @Test
    void whatIsMadeIsFoundAgain() throws Exception {
        assertThat(storage.list("keys"))
                .containsExactly("authority_certificate", "authority_identity_key", "authority_signing_key");
        VotingKeys again = open(NOW.plus(Duration.ofDays(1)));
        assertThat(again.certificate()).isEqualTo(first.certificate());
        assertThat(again.signingPem()).isEqualTo(first.signingPem());
        assertThat(again.v3Identity()).isEqualTo(first.v3Identity());
    }

    @Test
    void aCertificateThatComesToItsEndIsReplaced() throws Exception {
        Instant monthBefore = NOW.plus(LIFETIME).minus(Duration.ofDays(30));
        assertThat(open(monthBefore.minusSeconds(1)).certificate()).isEqualTo(first.certificate());
        VotingKeys renewed = open(monthBefore);
        assertThat(renewed.v3Identity()).isEqualTo(first.v3Identity());
        assertThat(renewed.expires()).isEqualTo(monthBefore.plus(LIFETIME));
        assertThat(renewed.signingPem()).isNotEqualTo(first.signingPem());
        assertThat(open(monthBefore).certificate()).isEqualTo(renewed.certificate());
    }

    /// The identity was elsewhere, or tor-gencert encrypted it.
    @Test
    void withoutTheIdentityTheAuthorityRunsButRenewsNothing() throws Exception {
        storage.write(KEYS + AuthorityKeyFiles.IDENTITY, ENCRYPTED);
        assertThat(open(NOW.plus(LIFETIME)).certificate()).isEqualTo(first.certificate());
        storage.delete(KEYS + AuthorityKeyFiles.IDENTITY);
        assertThat(open(NOW.plus(LIFETIME)).certificate()).isEqualTo(first.certificate());
        storage.delete(KEYS + AuthorityKeyFiles.CERTIFICATE);
        assertRefused("authority_identity_key: is needed to make authority_certificate");
        storage.delete(KEYS + AuthorityKeyFiles.SIGNING);
        storage.write(KEYS + AuthorityKeyFiles.IDENTITY, ENCRYPTED);
        assertRefused("authority_identity_key: is needed to make authority_signing_key");
    }

    @Test
    void aWritingThatWasCutShortIsFinished() throws Exception {
        VotingKeys other = VotingKeys.make(address(), NOW, KEY_BITS, KEY_BITS);
        storage.write(KEYS + AuthorityKeyFiles.SIGNING, other.signingPem().getBytes(StandardCharsets.US_ASCII));
        VotingKeys mended = open(NOW);
        assertThat(mended.v3Identity()).isEqualTo(first.v3Identity());
        assertThat(mended.signingPem()).isEqualTo(other.signingPem());
        assertThat(open(NOW).certificate()).isEqualTo(mended.certificate());
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() throws Exception {
        storage.delete(KEYS + AuthorityKeyFiles.IDENTITY);
        storage.write(
                KEYS + AuthorityKeyFiles.CERTIFICATE,
                VotingKeys.make(address(), NOW, KEY_BITS, KEY_BITS).certificate());
        assertRefused("authority_certificate: is none of authority_signing_key");
        storage.write(KEYS + AuthorityKeyFiles.CERTIFICATE, first.certificate());
        storage.write(
                KEYS + AuthorityKeyFiles.IDENTITY,
                Rsa.privatePem(Rsa.generate(KEY_BITS)).getBytes(StandardCharsets.US_ASCII));
        assertRefused("authority_identity_key: is not that of authority_certificate");
    }

    @Test
    void aSpoiledFileIsNotOverwritten() throws Exception {
        for (String file : List.of(AuthorityKeyFiles.SIGNING, AuthorityKeyFiles.IDENTITY)) {
            byte[] good = storage.read(KEYS + file, Integer.MAX_VALUE).orElseThrow();
            byte[] spoiled = new String(good, StandardCharsets.US_ASCII)
                    .replaceFirst("\n[^-]{4}", "\n!!!!")
                    .getBytes(StandardCharsets.US_ASCII);
            storage.write(KEYS + file, spoiled);
            assertRefused(file + ": is no RSA key in PEM");
            assertThat(storage.read(KEYS + file, Integer.MAX_VALUE)).contains(spoiled);
            storage.write(KEYS + file, good);
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> open(NOW)).isInstanceOf(KeyFileException.class).hasMessageContaining(message);
    }

    private VotingKeys open(Instant now) throws KeyFileException {
        return new AuthorityKeyFiles(
                        storage,
                        "keys",
                        new AuthorityKeyFiles.Making(address(), LIFETIME, KEY_BITS, KEY_BITS, Rsa::generate))
                .open(now);
    }

    private static RelayAddress address() {
        return Objects.requireNonNull(RelayAddress.parseIp("127.0.0.1", 7_000));
    }
}
