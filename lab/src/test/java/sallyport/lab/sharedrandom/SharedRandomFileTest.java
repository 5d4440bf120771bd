package sallyport.lab.sharedrandom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.bytes.Hex;
import sallyport.lab.vote.SharedRandom;

/// An authority that comes back finds its run where it left it; a file that is over or spoiled is no state.
class SharedRandomFileTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant NOW = Instant.parse("2026-11-22T13:30:00Z");
    private static final SharedRandomState.Self SELF = SharedRandomStateTest.self(0);

    // The shape of C tor's, with figures of its tests.
    private static final String FILE = """
            # Tor shared random state file last generated on 2026-11-22 13:00:03 local time
            # Other times below are in UTC
            # Please *do not* edit this file.

            Commit 1 sha3-256 %s AAAAAFavXpbkBMzMQG7aNoaGLFNpm2Wkk1ozXhuWWqL//GynltxVAg==
            Commit 1 sha3-256 %s AAAAAFavXpbkBMzMQG7aNoaGLFNpm2Wkk1ozXhuWWqL//GynltxVAg== \
            AAAAAFavXpZJxbwTupvaJCTeIUCQmOPxAMblc7ChL5H2nZKuGchdaA==
            SharedRandCurrentValue 3 8dWeW12KEzTGEiLGgO1UVJ7Z91CekoRcxt6Q9KhnOFI=
            SharedRandPreviousValue 4 8dWeW12KEzTGEiLGgO1UVJ7Z91CekoRcxt6Q9KhnOFI=
            TorVersion 0.4.9.11
            ValidAfter 2026-11-22 14:00:00
            ValidUntil 2026-11-23 00:00:00
            Version 1
            """.formatted("62".repeat(20), "61".repeat(20));

    @Test
    void cTorsIsRead() {
        SharedRandom said = read(FILE).orElseThrow().said();
        assertThat(said.commitments()).hasSize(2);
        assertThat(said.commitments().getFirst().holds()).isTrue();
        assertThat(said.commitments().getLast().reveal()).isNull();
        assertThat(Objects.requireNonNull(said.current()).reveals()).isEqualTo(3);
        assertThat(Objects.requireNonNull(said.previous()).reveals()).isEqualTo(4);
        assertThat(said.revealing()).as("in the afternoon").isTrue();
    }

    @Test
    void whatIsWrittenIsRead() {
        SharedRandomState state = SharedRandomState.fresh(SELF, NOW.minus(HOUR.multipliedBy(14)), HOUR);
        state.prepare(NOW.minus(HOUR.multipliedBy(13)), HOUR);
        byte[] content = SharedRandomFile.write(state);
        SharedRandomState back = SharedRandomFile.read(content, SELF, NOW, HOUR).orElseThrow();
        assertThat(SharedRandomFile.write(back)).isEqualTo(content);
        assertThat(back.said().commitments().getFirst().holds()).isTrue();
        assertThat(Hex.upper(back.said().commitments().getFirst().identity()))
                .isEqualTo(Hex.upper(state.said().commitments().getFirst().identity()));
        // It goes on in the phase that comes.
        back.prepare(NOW.plus(HOUR), HOUR);
        assertThat(back.said().revealing()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Version 1 | Version 2",
                "Version 1 | Version 0",
                "Version 1 | ''",
                "Version 1 | Version x",
                "ValidUntil .* | ValidUntil 2026-11-22 13:29:59",
                "ValidUntil .* | ValidUntil 2026-11-22 14:00:00",
                "ValidUntil .* | ''",
                "ValidAfter .* | ValidAfter tomorrow",
                "ValidAfter .* | ''",
                "Commit .* | Commit 1 sha3-256",
                "SharedRandCurrentValue .* | SharedRandCurrentValue 3 AAAA",
                "SharedRandCurrentValue | SharedRandPreviousValue",
            })
    void aFileThatIsOverOrSpoiledIsNone(String line, String other) {
        String changed = FILE.replaceFirst(line, other);
        assertThat(changed).isNotEqualTo(FILE);
        assertThat(read(changed)).isEmpty();
    }

    @Test
    void whatIsNotKnownIsPassedOver() {
        String more = FILE.replaceFirst("Commit 1 sha3-256", "Commit 1 sha9") + "Later thing\n";
        assertThat(read(more).orElseThrow().said().commitments()).hasSize(1);
        assertThat(read("")).isEmpty();
    }

    private static Optional<SharedRandomState> read(String content) {
        return SharedRandomFile.read(content.getBytes(StandardCharsets.US_ASCII), SELF, NOW, HOUR);
    }
}
