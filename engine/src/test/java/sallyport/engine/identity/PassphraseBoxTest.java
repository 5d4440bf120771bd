package sallyport.engine.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.PasswordHash;
import sallyport.engine.world.SeededEntropy;

class PassphraseBoxTest {
    private static final byte[] SECRET = new byte[64];
    private static final byte[] PASSPHRASE = "open sesame".getBytes(US_ASCII);

    private static final String TOR_PUBLIC = "13a0b9a189c401157c06293f8316487ebf50069ede2a83170a20557efb33cb9b";
    private static final String TOR_BOX =
            "544f52424f5830300a0073ef28bcb85fd25060e746da9b2ca61cf6dfdfa23b3ed1a13ccb63102e9f42b0df5e13"
                    + "2302dc6271186c6a59f8c06be438b838a606d2882a31256cd8f66aa7b78453f04487e13b402df201ef436e9de8"
                    + "8846ee9db564f58f57219af9bce715089a4dd1f91850fc23e4b2e64584a7db99ec22e5708e933fc8026bd5c68b"
                    + "0bf62e356e530f2e45d28f7bae1503666abd1c14bc7cf142cdc91d2bee7624e222a95d40d976c9d44a4d0b03e7"
                    + "16a4547278c717730f5945b4bb69eb";

    static {
        Arrays.fill(SECRET, (byte) 7);
    }

    @Test
    void whatWasSealedIsOpenedByItsPassphraseAlone() throws Exception {
        byte[] box = PassphraseBox.seal(SECRET, PASSPHRASE, false, new SeededEntropy(1));
        assertThat(box).as("8 + 1 + 19 + 16 + 128 + 32").hasSize(204);
        assertThat(PassphraseBox.open(box, PASSPHRASE)).hasValue(SECRET);
        assertThat(PassphraseBox.open(box, "open sesamf".getBytes(US_ASCII))).isEmpty();
        assertThat(PassphraseBox.open(PassphraseBox.seal(SECRET, PASSPHRASE, true, new SeededEntropy(2)), PASSPHRASE))
                .hasValue(SECRET);
        for (int i : new int[] {9, 30, 60, 203}) {
            byte[] changed = box.clone();
            changed[i] ^= 1;
            assertNotOpened(changed);
        }
    }

    /// Written by `tor --keygen --passphrase-fd` 0.4.9.11 with this passphrase.
    @Test
    void aBoxOfCTorsIsOpened() throws Exception {
        byte[] opened = PassphraseBox.open(Hex.decode(TOR_BOX), PASSPHRASE).orElseThrow();
        assertThat(opened).hasSize(64);
        assertThat(Hex.lower(sallyport.engine.crypto.Ed25519.publicKey(opened))).isEqualTo(TOR_PUBLIC);
    }

    @Test
    void misshapenBoxesAndGreedySpecifiersAreRefused() {
        byte[] box = PassphraseBox.seal(SECRET, PASSPHRASE, false, new SeededEntropy(1));
        for (int length : new int[] {0, 7, 9, 28, 60, 70}) {
            assertThatThrownBy(() -> PassphraseBox.open(Arrays.copyOf(box, length), PASSPHRASE))
                    .isInstanceOf(Malformed.class);
        }
        // N = 2^40; r = 2^15; PBKDF2 of 2^31; an unknown type.
        for (String specifier : new String[] {
            "02" + "00".repeat(16) + "2831",
            "02" + "00".repeat(16) + "0ff1",
            "01" + "00".repeat(16) + "1f",
            "03" + "00".repeat(17)
        }) {
            assertThatThrownBy(() -> PassphraseKey.derive(Hex.decode(specifier), PASSPHRASE, 48))
                    .isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 7914: N = 16, r = 1, p = 1, and N = 1024, r = 8, p = 16.
        "'', '', 16, 1, 1, 77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442",
        "password, NaCl, 1024, 8, 16, fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    })
    void scryptIsThatOfItsSpecification(String passphrase, String salt, int n, int r, int p, String expected) {
        assertThat(Hex.lower(PasswordHash.scrypt(passphrase.getBytes(US_ASCII), salt.getBytes(US_ASCII), n, r, p, 32)))
                .isEqualTo(expected);
    }

    /// RFC 6070.
    @ParameterizedTest
    @CsvSource({"1, 0c60c80f961f0e71f3a9b524af6012062fe037a6", "4096, 4b007901b765489abead49d926f721d065a429c1"})
    void pbkdf2IsThatOfItsSpecification(int iterations, String expected) {
        assertThat(Hex.lower(PasswordHash.pbkdf2Sha1(
                        "password".getBytes(US_ASCII), "salt".getBytes(US_ASCII), iterations, 20)))
                .isEqualTo(expected);
    }

    /// Each kind of specifier; the numbers come from another implementation (Python's hashlib).
    @ParameterizedTest
    @CsvSource({
        "00000102030405060760, 9658fe561d14f1e8813e1284b862d6022123e4defbc6346f0e0979745b529a0bb1b1b10d0c0b2a3d1df1962b4d6faf0d",
        "000102030405060760, 9658fe561d14f1e8813e1284b862d6022123e4defbc6346f0e0979745b529a0bb1b1b10d0c0b2a3d1df1962b4d6faf0d",
        "01000102030405060708090a0b0c0d0e0f0a, 2dd2b440499386da7884b5e9ab01bc9351b25c7a35095f4a03c3456b56e4e984e6d376887ed83ecba1e7b667d68f479d",
        "02000102030405060708090a0b0c0d0e0f0c31, b05c4f3e03fd4657776bdf42034a2342b0aca8c366f81645dc437a5e25c73490f352fd256c4c2b7da8cd5483d9f2152d"
    })
    void everyKindOfSpecifierIsUnderstood(String specifier, String expected) throws Exception {
        assertThat(Hex.lower(PassphraseKey.derive(Hex.decode(specifier), PASSPHRASE, 48)))
                .isEqualTo(expected);
    }

    private static void assertNotOpened(byte[] box) throws Exception {
        try {
            assertThat(PassphraseBox.open(box, PASSPHRASE)).isEmpty();
        } catch (Malformed e) {
            assertThat(e).hasMessageContaining("a key ");
        }
    }
}
