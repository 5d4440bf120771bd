package sallyport.lab.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// C tor's `state` file, line by line: what it means, what of it may be wrong, and what stays as it was.
class StateFileTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String IDENTITY = "B8BC3B59B2D5A3DBF2F3CAF0A5A5A1A1A1A1A1A1";
    /// Shaped as C tor 0.4.9.11 writes it.
    private static final String WHOLE = "in=default rsa_id=" + IDENTITY + " nickname=exit000a"
            + " sampled_on=2026-11-14T09:57:27 sampled_idx=3 sampled_by=0.4.9.11 unlisted_since=2026-11-20T01:02:03"
            + " listed=0 confirmed_on=2026-11-18T13:36:02 confirmed_idx=1 pb_circ_attempts=2.000000 future=x";

    @Test
    void aLineOfCTorIsReadAndWrittenAsItWas() {
        StateFile file = parse("Guard " + WHOLE).orElseThrow();
        assertThat(file.guards())
                .containsExactly(new KeptGuard(
                        IDENTITY,
                        "exit000a",
                        Instant.parse("2026-11-14T09:57:27Z"),
                        3,
                        "0.4.9.11",
                        Instant.parse("2026-11-20T01:02:03Z"),
                        false,
                        Instant.parse("2026-11-18T13:36:02Z"),
                        1,
                        "pb_circ_attempts=2.000000 future=x"));
        assertThat(text(file)).endsWith("\nGuard " + WHOLE + "\n");
    }

    /// Everything else in the file is somebody's as well.
    @Test
    void otherLinesStayAsTheyAreAndInTheirOrder() {
        String bridge = "Guard in=bridges rsa_id=" + IDENTITY + " bridge_addr=192.0.2.1:443";
        String text = "# Tor state file last generated on 2026-11-21 13:00:00 local time\n"
                + "# Other times below are in UTC\n# You *do not* need to edit this file.\n\n"
                + "CircuitBuildTimeBin 525 1\nTotalBuildTimes 1\n" + bridge + "\nGuard " + WHOLE
                + "\nTorVersion Tor 0.4.9.11\nLastWritten 2026-11-21 12:00:00\n";
        String written = text(parse(text).orElseThrow().with(List.of()));
        assertThat(written.lines().skip(1).toList())
                .containsExactly(
                        "# Other times below are in UTC",
                        "# You *do not* need to edit this file.",
                        "",
                        "CircuitBuildTimeBin 525 1",
                        "TotalBuildTimes 1",
                        bridge,
                        "TorVersion Tor 0.4.9.11",
                        "LastWritten 2026-11-21 12:00:00");
    }

    /// As entrynodes.c puts right what it knows and cannot read.
    @Test
    void whatMakesNoSenseInAGuardIsPutRight() {
        KeptGuard guard = parse("guard\tin=default   rsa_id=" + IDENTITY.toLowerCase(Locale.ROOT)
                        + " nickname=not_one sampled_on=yesterday sampled_idx=-4 confirmed_on=2026-13-01T00:00:00"
                        + " confirmed_idx=99999999999 listed=yes junk listed=0 # a remark")
                .orElseThrow()
                .guards()
                .getFirst();
        assertThat(guard.fingerprint()).isEqualTo(IDENTITY);
        assertThat(guard.nickname()).isEmpty();
        assertThat(guard.sampledOn()).isEqualTo(NOW);
        assertThat(guard.sampledIdx()).isGreaterThan(60);
        assertThat(guard.listed()).isTrue();
        assertThat(guard.confirmedOn()).isEqualTo(KeptGuard.NEVER);
        assertThat(guard.confirmedIdx()).isNegative();
        assertThat(guard.extra()).isEqualTo("junk listed=0");
    }

    /// Before proposal 310 there was the order of confirmation alone.
    @Test
    void aGuardOfAnOldCTorHasThePlaceOfItsConfirmation() {
        assertThat(parse("Guard in=default rsa_id=" + IDENTITY + " confirmed_idx=2")
                        .orElseThrow()
                        .guards()
                        .getFirst()
                        .sampledIdx())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Guard",
                "Guard rsa_id=" + IDENTITY,
                "Guard in=default",
                "Guard in=default rsa_id=B8BC3B",
                "Guard in=default rsa_id=Z8BC3B59B2D5A3DBF2F3CAF0A5A5A1A1A1A1A1A1",
                "Guard in=bridges rsa_id=",
                "Guard in=legacy rsa_id=" + IDENTITY,
            })
    void whatCTorPutsAsideIsPutAside(String line) {
        assertThat(parse("TorVersion Tor 0.4.9.11\n" + line)).isEmpty();
    }

    @Test
    void thereMayBeSoManyGuardsAndNoneTwice() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append("Guard in=default rsa_id=")
                    .append(PaperGuards.fingerprint(i))
                    .append('\n');
        }
        assertThat(parse(text.toString()).orElseThrow().guards()).hasSize(200);
        assertThat(parse(text + "Guard in=default rsa_id=" + PaperGuards.fingerprint(9))
                        .orElseThrow()
                        .guards())
                .hasSize(200);
        assertThat(parse(text + "Guard in=default rsa_id=" + PaperGuards.fingerprint(200)))
                .isEmpty();
    }

    private static Optional<StateFile> parse(String text) {
        return StateFile.parse(text.getBytes(StandardCharsets.ISO_8859_1), NOW);
    }

    private static String text(StateFile file) {
        return new String(file.text(NOW), StandardCharsets.ISO_8859_1);
    }
}
