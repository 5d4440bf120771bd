package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;

/// The outer part of onion services' descriptors: C tor's own, and what a directory must not take.
class OnionDescriptorTest {
    private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
    private static final byte[] SECRET = Ed25519.expand(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    });
    private static final OnionDescriptorText HONEST = OnionDescriptorText.of(SECRET);

    /// Captured from C tor 0.4.9.11 in a private network, with `GETINFO hs/service/desc/id/…`.
    @Test
    void readsWhatCTorPublishes() throws Exception {
        byte[] text = captured();
        OnionDescriptor read = OnionDescriptor.verified(text, Instant.parse("2026-11-22T08:00:00Z"));
        assertThat(read.lifetimeSeconds()).isEqualTo(3 * 3600);
        assertThat(read.revision()).isPositive();
        assertThat(read.encoded()).isEqualTo(text);
        assertThatThrownBy(() -> OnionDescriptor.verified(text, Instant.parse("2026-12-22T08:00:00Z")))
                .isInstanceOf(Malformed.class);
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            byte[] changed = text.clone();
            changed[random.nextInt(text.length)] ^= (byte) (1 << random.nextInt(7));
            assertRefused(changed);
        }
    }

    @Test
    void readsKeyLifetimeAndRevision() throws Exception {
        OnionDescriptor read = verified(HONEST);
        assertThat(read.blindedKey()).isEqualTo(Ed25519.publicKey(SECRET));
        assertThat(read.lifetimeSeconds()).isEqualTo(180 * 60);
        assertThat(read.revision()).isEqualTo(42);
        assertThat(verified(HONEST.withLifetime("0")).lifetimeSeconds()).isZero();
        assertThat(verified(HONEST.withLifetime("720")).lifetimeSeconds()).isEqualTo(12 * 3600);
    }

    @Test
    void revisionsHave64BitsWithoutASign() throws Exception {
        OnionDescriptor least = verified(HONEST.withRevision("0"));
        OnionDescriptor more = verified(HONEST.withRevision("9223372036854775807"));
        OnionDescriptor most = verified(HONEST.withRevision("18446744073709551615"));
        assertThat(most.isNewerThan(more)).isTrue();
        assertThat(more.isNewerThan(least)).isTrue();
        assertThat(least.isNewerThan(most)).isFalse();
        assertThat(most.isNewerThan(most)).isFalse();
    }

    @Test
    void refusesWhatNoHonestServiceWrites() {
        for (OnionDescriptorText bad : List.of(
                HONEST.withVersion("2"),
                HONEST.withVersion("4"),
                HONEST.withVersion("3 3"),
                HONEST.withLifetime("721"),
                HONEST.withLifetime("-1"),
                HONEST.withLifetime("71582789"),
                HONEST.withLifetime("ten"),
                HONEST.withRevision("-1"),
                HONEST.withRevision("18446744073709551616"),
                HONEST.withRevision("1 2"),
                HONEST.withSealed(48),
                HONEST.withCertType(EdCert.IDENTITY_SIGNING))) {
            assertRefused(bad.signed(NOW));
        }
        assertThat(HONEST.withSealed(49).signed(NOW)).satisfies(text -> OnionDescriptor.verified(text, NOW));
        assertRefused(HONEST.signed(NOW.minus(Duration.ofDays(4))));
        assertRefused(new byte[0]);
        assertRefused(Arrays.copyOf(HONEST.signed(NOW), 500));
    }

    @Test
    void everyLineStandsOnceAndInItsPlace() {
        String unsigned = HONEST.unsigned(NOW);
        assertRefused(OnionDescriptorText.sign("descriptor-lifetime 180\n" + unsigned));
        assertRefused(OnionDescriptorText.sign(unsigned + "revision-counter 43\n"));
        assertRefused(OnionDescriptorText.sign(unsigned.replace("revision-counter 42\n", "")));
        assertRefused(OnionDescriptorText.sign(unsigned.replace("superencrypted\n", "superencrypted now\n")));
        assertRefused(OnionDescriptorText.sign(unsigned.replace("MESSAGE", "MESSAGES")));
        byte[] more = (new String(HONEST.signed(NOW), StandardCharsets.ISO_8859_1) + "and-more\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(more);
        byte[] nul = HONEST.signed(NOW);
        nul[100] = 0;
        assertRefused(nul);
    }

    private static OnionDescriptor verified(OnionDescriptorText text) throws Malformed, Refused {
        return OnionDescriptor.verified(text.signed(NOW), NOW);
    }

    private static void assertRefused(byte[] text) {
        assertThatThrownBy(() -> OnionDescriptor.verified(text, NOW)).isInstanceOfAny(Malformed.class, Refused.class);
    }

    private static byte[] captured() throws IOException {
        try (InputStream in = OnionDescriptorTest.class.getResourceAsStream("/vectors/onionservice/descriptor.txt")) {
            return in.readAllBytes();
        }
    }
}
