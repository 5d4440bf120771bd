package sallyport.engine.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Ed25519;

class EdCertTest {
    private static final byte[] SIGNER = Ed25519.expand(new byte[32]);
    private static final byte[] SIGNER_PUBLIC = Ed25519.publicKey(SIGNER);
    private static final byte[] SUBJECT = Ed25519.publicKey(Ed25519.expand(new byte[] {1, 2, 3}));
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void whatWeSignReadsBackAndVerifies() throws Malformed {
        byte[] encoded = EdCert.encodeAndSign(4, NOON.plusSeconds(1), 1, SUBJECT, SIGNER, true);
        EdCert cert = EdCert.decode(encoded);

        assertThat(encoded).hasSize(140);
        assertThat(cert.certType()).isEqualTo(4);
        assertThat(cert.keyType()).isEqualTo(1);
        assertThat(cert.certifiedKey()).isEqualTo(SUBJECT);
        assertThat(cert.signingKey()).isEqualTo(SIGNER_PUBLIC);
        assertThat(cert.expires()).isEqualTo(Instant.parse("2026-11-21T13:00:00Z"));
        cert.verify(SIGNER_PUBLIC, NOON);
        assertThat(EdCert.encodeAndSign(5, NOON, 3, SUBJECT, SIGNER, false)).hasSize(104);
    }

    @Test
    void itHoldsUntilItsLastSecondAndNoLonger() throws Malformed {
        EdCert cert = EdCert.decode(EdCert.encodeAndSign(4, NOON, 1, SUBJECT, SIGNER, false));

        cert.verify(SIGNER_PUBLIC, NOON);
        assertThatThrownBy(() -> cert.verify(SIGNER_PUBLIC, NOON.plusSeconds(1)))
                .isInstanceOf(Malformed.class);
        assertThat(EdCert.decode(EdCert.encodeAndSign(4, NOON.plusNanos(1), 1, SUBJECT, SIGNER, false))
                        .expires())
                .isEqualTo(NOON.plusSeconds(3600));
    }

    @Test
    void everyChangedByteBreaksIt() throws Malformed {
        byte[] encoded = EdCert.encodeAndSign(4, NOON, 1, SUBJECT, SIGNER, true);
        for (int i = 0; i < encoded.length; i++) {
            byte[] changed = encoded.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> EdCert.decode(changed).verify(SIGNER_PUBLIC, Instant.EPOCH))
                    .as("byte " + i)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void aCertificateThatNamesAnotherSignerIsRefused() throws Malformed {
        byte[] other = Ed25519.expand(new byte[] {9});
        EdCert cert = EdCert.decode(EdCert.encodeAndSign(4, NOON, 1, SUBJECT, other, true));

        cert.verify(Ed25519.publicKey(other), NOON);
        assertThatThrownBy(() -> cert.verify(SIGNER_PUBLIC, NOON)).isInstanceOf(Malformed.class);
    }

    /// cert-spec: an unknown extension is ignored unless it says that it affects validation.
    @Test
    void unknownExtensionsAreIgnoredUnlessTheyMatter() throws Malformed {
        assertThat(EdCert.decode(withExtension(7, 0, new byte[5])).signingKey()).isNull();
        assertThatThrownBy(() -> EdCert.decode(withExtension(7, 1, new byte[5])))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> EdCert.decode(withExtension(4, 0, new byte[31])))
                .isInstanceOf(Malformed.class);
        assertThat(EdCert.decode(withExtension(4, 1, new byte[32])).signingKey())
                .isEqualTo(new byte[32]);
    }

    @Test
    void anyBytesDecodeOrAreMalformed() throws Malformed {
        Random random = new Random(20);
        byte[] good = EdCert.encodeAndSign(4, NOON, 1, SUBJECT, SIGNER, true);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = i % 2 == 0 ? good.clone() : new byte[random.nextInt(200)];
            for (int n = 0; n < 3 && bytes.length > 0; n++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(EdCert.decode(bytes).encoded()).isEqualTo(bytes);
            } catch (Malformed _) {
                // as it should be
            }
        }
    }

    private static byte[] withExtension(int type, int flags, byte[] data) {
        return new Writer()
                .u8(1)
                .u8(4)
                .u32(500_000)
                .u8(1)
                .bytes(SUBJECT)
                .u8(1)
                .u16(data.length)
                .u8(type)
                .u8(flags)
                .bytes(data)
                .bytes(new byte[64])
                .toBytes();
    }
}
