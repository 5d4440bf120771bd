package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.crypto.Hashes;

/// What an authority says of itself is read as C tor reads it, for two that read it differently compute
/// different values. Figures of C tor's test_shared_random.c: 32 times `A`, at 1454333590.
class CommitmentTest {
    private static final String IDENTITY = "41".repeat(20);
    private static final String REVEAL = "AAAAAFavXpZJxbwTupvaJCTeIUCQmOPxAMblc7ChL5H2nZKuGchdaA==";
    private static final String COMMIT = "AAAAAFavXpbkBMzMQG7aNoaGLFNpm2Wkk1ozXhuWWqL//GynltxVAg==";
    // The same number a second later.
    private static final String LATER = "AAAAAFavXpdJxbwTupvaJCTeIUCQmOPxAMblc7ChL5H2nZKuGchdaA==";

    @Test
    void aRevealIsWhatWasCommittedTo() {
        Commitment read = read("1", "sha3-256", IDENTITY, COMMIT, REVEAL);
        assertThat(read.identity()).containsOnly('A').hasSize(20);
        assertThat(read.hash()).isEqualTo(Hashes.sha3x256(REVEAL.getBytes(StandardCharsets.US_ASCII)));
        assertThat(read.holds()).isTrue();
        assertThat(read.line(true)).isEqualTo("1 sha3-256 " + IDENTITY + " " + COMMIT + " " + REVEAL);
        assertThat(read.line(false)).isEqualTo("1 sha3-256 " + IDENTITY + " " + COMMIT);
    }

    @Test
    void anotherNumberOrAnotherTimeDoesNotHold() {
        assertThat(read("1", "sha3-256", IDENTITY, COMMIT).holds()).isFalse();
        assertThat(read("1", "sha3-256", IDENTITY, COMMIT, COMMIT).holds()).isFalse();
        assertThat(read("1", "sha3-256", IDENTITY, COMMIT, LATER).holds()).isFalse();
        assertThat(read("1", "sha3-256", IDENTITY, mixed(), LATER).holds()).isFalse();
    }

    /// The later one's hash under the time of the first.
    private static String mixed() {
        byte[] hash = Hashes.sha3x256(LATER.getBytes(StandardCharsets.US_ASCII));
        byte[] commit = Base64.getDecoder().decode(COMMIT);
        System.arraycopy(hash, 0, commit, commit.length - hash.length, hash.length);
        return Base64.getEncoder().encodeToString(commit);
    }

    /// C tor takes what is no number for an old version, and a longer identity for its first 40 digits.
    @ParameterizedTest
    @CsvSource({"0", "1", "x", "4294967296", "2x"})
    void anyOldVersionIsRead(String version) {
        assertThat(read(version, "sha3-256", IDENTITY, COMMIT).commit()).isEqualTo(COMMIT);
        assertThat(read(version, "sha3-256", IDENTITY.toLowerCase(Locale.ROOT) + "00", COMMIT, REVEAL, "more")
                        .holds())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2 sha3-256 {i} {c}",
                "4294967295 sha3-256 {i} {c}",
                "1 sha256 {i} {c}",
                "1 sha3-512 {i} {c}",
                "1 sha3-256 4141 {c}",
                "1 sha3-256 zz414141414141414141414141414141414141414141 {c}",
                "1 sha3-256 {i}",
                "1 sha3-256 {i} AAAA",
                "1 sha3-256 {i} {c}=",
                "1 sha3-256 {i} !{c}",
                "1 sha3-256 {i} {c} AAAA",
                "1 sha3-256 {i} {c} !",
            })
    void whatMakesNoSenseIsPassedOver(String line) {
        String filled = line.replace("{i}", IDENTITY).replace("{c}", COMMIT);
        assertThat(Commitment.of(Arrays.asList(filled.split(" ")))).isNull();
    }

    private static Commitment read(String... arguments) {
        return Objects.requireNonNull(Commitment.of(List.of(arguments)));
    }
}
