package sallyport.engine.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Der;
import sallyport.engine.crypto.Rsa;

class RsaCertificateTest {
    private static final RSAPrivateCrtKey IDENTITY = Rsa.generate(1024);
    private static final RSAPrivateCrtKey LINK = Rsa.generate(2048);
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant END = Instant.parse("2051-02-03T04:05:06Z");
    private static final byte[] SERIAL = {(byte) 0x81, 2, 3, 4, 5, 6, 7, 8};
    private static final byte[] ENCODED = RsaCertificate.build(
            Rsa.publicKey(LINK), "www.subject.net", IDENTITY, "www.issuer.com", SERIAL, START, END);

    /// The JDK's own reader must see what tor-spec asks for.
    @Test
    void othersReadWhatWeBuild() throws Exception {
        X509Certificate seen = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(ENCODED));

        seen.verify(Rsa.publicKey(IDENTITY));
        assertThat(seen.getVersion()).isEqualTo(3);
        assertThat(seen.getSigAlgName()).isEqualTo("SHA256withRSA");
        assertThat(seen.getSubjectX500Principal().getName()).isEqualTo("CN=www.subject.net");
        assertThat(seen.getIssuerX500Principal().getName()).isEqualTo("CN=www.issuer.com");
        assertThat(seen.getSerialNumber().toString(16)).isEqualTo("8102030405060708");
        assertThat(seen.getNotBefore().toInstant()).isEqualTo(START);
        assertThat(seen.getNotAfter().toInstant()).isEqualTo(END);
        assertThat(seen.getPublicKey()).isEqualTo(Rsa.publicKey(LINK));
        assertThat(seen.getNonCriticalExtensionOIDs()).isNull();
        assertThat(seen.getCriticalExtensionOIDs()).isNull();
        assertThat(seen.getEncoded()).isEqualTo(ENCODED);
    }

    @Test
    void itReadsBack() throws Malformed {
        RsaCertificate certificate = RsaCertificate.decode(ENCODED);

        assertThat(certificate.key()).isEqualTo(Rsa.publicKey(LINK));
        assertThat(certificate.notBefore()).isEqualTo(START);
        assertThat(certificate.notAfter()).isEqualTo(END);
        certificate.verify(Rsa.publicKey(IDENTITY), START);
        assertThatThrownBy(() -> certificate.verify(Rsa.publicKey(LINK), START)).isInstanceOf(Malformed.class);
    }

    /// C tor's tolerance: two days past the end, thirty before the start.
    @Test
    void clocksMayBeWrongByThatMuch() throws Malformed {
        RsaCertificate certificate = RsaCertificate.decode(ENCODED);

        certificate.verify(Rsa.publicKey(IDENTITY), END.plus(Duration.ofDays(2)));
        certificate.verify(Rsa.publicKey(IDENTITY), START.minus(Duration.ofDays(30)));
        assertThatThrownBy(() -> certificate.verify(
                        Rsa.publicKey(IDENTITY), END.plus(Duration.ofDays(2)).plusSeconds(1)))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> certificate.verify(
                        Rsa.publicKey(IDENTITY),
                        START.minus(Duration.ofDays(30)).minusSeconds(1)))
                .isInstanceOf(Malformed.class);
    }

    /// It comes from a peer that nobody knows: whatever it sends is its fault, never an exception of ours.
    @Test
    void anAlgorithmWithoutANameIsMalformed() {
        byte[] nameless = Der.sequence(
                Der.sequence(), Der.sequence(Der.oid(new byte[0]), Der.nul()), Der.bitString(new byte[128]));
        assertThatThrownBy(() -> RsaCertificate.decode(nameless)).isInstanceOf(Malformed.class);
    }

    @Test
    void everyChangedByteIsNoticed() {
        for (int i = 0; i < ENCODED.length; i++) {
            byte[] changed = ENCODED.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> RsaCertificate.decode(changed).verify(Rsa.publicKey(IDENTITY), START))
                    .as("byte " + i)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void anyBytesDecodeOrAreMalformed() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(ENCODED, i % 3 == 0 ? random.nextInt(ENCODED.length) : ENCODED.length);
            for (int n = 0; n < 3 && bytes.length > 0; n++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                RsaCertificate.decode(bytes);
            } catch (Malformed _) {
                // as it should be
            }
        }
    }
}
