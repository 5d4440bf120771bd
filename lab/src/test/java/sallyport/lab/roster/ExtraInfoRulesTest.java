package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static sallyport.lab.roster.PaperRelay.published;
import static sallyport.lab.roster.PaperRelay.with;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.world.RealWorld;
import sallyport.lab.authority.Answer;

/// An extra-info document has to be the one that its relay's descriptor names.
class ExtraInfoRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UnaryOperator<String> UNCHANGED = UnaryOperator.identity();

    @TempDir
    private static Path directory;

    private static PaperRelay relay;

    @BeforeAll
    static void makeKeys() throws Exception {
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            relay = new PaperRelay(world.entropy(), new RelayAddress(new byte[] {127, 0, 0, 7}, 9001), NOW);
        }
    }

    @Test
    void anotherTimeThanTheDescriptorsIsRefused() {
        String words = "Extrainfo published time did not match routerdesc";
        assertThat(take(UNCHANGED, published(NOW.minusSeconds(1)))).isEqualTo(new Answer(400, words));
        // Perhaps its descriptor said nothing new.
        assertThat(take(UNCHANGED, published(NOW.plusSeconds(1)))).isEqualTo(Answer.descriptorNotNew());
    }

    @Test
    void otherDigestsThanTheDescriptorsAreRefused() {
        String sha1 = "extra-info-digest " + "0".repeat(40);
        String sha256 = Base64.getEncoder()
                .withoutPadding()
                .encodeToString(new byte[32])
                .replace("AA", "BA");
        assertThat(take(with("extra-info-digest \\S+", sha1), UNCHANGED).message())
                .isEqualTo("Extrainfo digest did not match value from routerdesc");
        assertThat(take(with("(extra-info-digest \\S+) .*", "extra-info-digest 00 " + sha256), UNCHANGED)
                        .message())
                .isEqualTo("Neither digest256 or digest matched digest from routerdesc");
        assertThat(take(text -> text.replaceFirst("(extra-info-digest \\S+) .*", "$1 " + sha256), UNCHANGED)
                        .message())
                .isEqualTo("Extrainfo digest did not match digest256 from routerdesc");
        assertThat(take(text -> text.replaceFirst("(extra-info-digest \\S+) .*", "$1"), UNCHANGED)
                        .message())
                .isEqualTo("[None]");
        assertThat(take(with("\nextra-info-digest .*", ""), UNCHANGED).message())
                .isEqualTo("Extrainfo digest did not match value from routerdesc");
    }

    private static Answer take(UnaryOperator<String> descriptor, UnaryOperator<String> extraInfo) {
        RosterSettings settings = RosterSettings.testing();
        return new Roster(settings, "", Kept.nothing(settings), NOW).take(relay.upload(descriptor, extraInfo), NOW);
    }
}
