package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What Microdesc=3 promises: methods of the consensus that drop the TAP key and name families by their
/// keys.
class MicrodescriptorTest {
    private static final String NTOR = "A".repeat(42) + "E";
    private static final String ID = "C".repeat(42) + "E";

    @Test
    void aMicrodescriptorNeedsNoTapKeyAndMayNameFamilies() throws Exception {
        String text = "onion-key\nntor-onion-key " + NTOR + "\nfamily $" + "AB".repeat(20) + "\nfamily-ids ed25519:"
                + ID + " other:thing\np accept 80,443\nid ed25519 " + ID + "\n";
        List<Microdescriptor> two = Microdescriptor.parseAll(
                (text + text.replace("\np accept 80,443", "")).getBytes(StandardCharsets.US_ASCII));

        assertThat(two).hasSize(2);
        assertThat(two.getFirst().ed25519()).isNotNull();
        assertThat(two.getFirst().family().members()).containsExactly("$" + "AB".repeat(20));
        assertThat(two.getFirst().family().ids()).containsExactlyInAnyOrder("ed25519:" + ID, "other:thing");
        assertThat(two.getFirst().ipv4Ports().accepts(443)).isTrue();
        assertThat(two.getFirst().ipv6Ports().rejectsAll()).isTrue();
        assertThat(two.getLast().ipv4Ports().rejectsAll()).isTrue();
        assertThat(two.getFirst().encoded()).asString(StandardCharsets.US_ASCII).isEqualTo(text);
    }
}
