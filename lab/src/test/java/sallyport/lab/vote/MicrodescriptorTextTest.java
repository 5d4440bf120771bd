package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.world.RealWorld;
import sallyport.lab.synthetic.SyntheticRelays;

/// What C tor's authorities make of descriptors is held against ours in the interoperability tests; here
/// is what no relay of a network of ours says.
class MicrodescriptorTextTest {
    @TempDir
    private static Path directory;

    private static RouterDescriptor relay;
    private static String text;

    @BeforeAll
    static void publish() throws Exception {
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            String upload = new String(SyntheticRelays.make(1, world).getFirst(), StandardCharsets.ISO_8859_1);
            text = upload.substring(0, upload.indexOf("\nextra-info ") + 1);
            relay = RouterDescriptor.parseAll(ForgedVotes.bytes(text))
                    .getFirst()
                    .verify(ForgedVotes.strangers(), world.clock().instant());
        }
    }

    @Test
    void theEngineReadsWhatIsWritten() throws Exception {
        byte[] written =
                Objects.requireNonNull(MicrodescriptorText.of(RelayDescriptor.of(relay), ConsensusMethods.MAX));
        List<Microdescriptor> read = Microdescriptor.parseAll(written);
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().ntorKey()).isEqualTo(relay.ntorKey());
        assertThat(read.getFirst().ed25519()).isEqualTo(relay.ed25519());
    }

    @Test
    void aFamilyIsWrittenInOneWay() throws Exception {
        String other = "ab".repeat(20);
        String written = written("\nfamily .*\n", "\nfamily zed $" + other + "=Nick Alpha " + other + " ALPHA\n");
        assertThat(written.replaceFirst("(?s).*\nfamily (.*?)\n.*", "$1").split(" ", -1))
                .containsExactlyInAnyOrder("$" + Hex.upper(relay.rsaDigest()), "$" + "AB".repeat(20), "alpha", "zed")
                .isSorted();
        assertThat(written("\nfamily .*\n", "\n")).doesNotContain("\nfamily ");
    }

    @Test
    void policiesThatLetNothingOutAreNotWritten() throws Exception {
        assertThat(written("(\n(accept|reject) .*)+", "\nreject *:*")).doesNotContain("\np ");
        assertThat(written("(\n(accept|reject) .*)+", "\naccept *:80\nreject *:*"))
                .contains("\np accept 80\n");
        assertThat(written("\nproto ", "\nipv6-policy reject 1-65535\nproto ")).doesNotContain("\np6 ");
        assertThat(written("\nproto ", "\nipv6-policy accept 80,443\nproto ")).contains("\np6 accept 80,443\n");
    }

    @Test
    void withoutAnOnionKeyOfOldThereIsNone() throws Exception {
        RelayDescriptor without = RelayDescriptor.of(with("(?s)\nonion-key\n.*?-----END RSA PUBLIC KEY-----", ""));
        assertThat(MicrodescriptorText.of(without, ConsensusMethods.MAX)).isNull();
        assertThat(without.entry(Set.of(), false, null, null).microdescriptors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Tor 0.4.9.11 on Linux, Tor 0.4.9.11",
        "Tor 0.4.9.11, Tor 0.4.9.11",
        "Tor 0.1.2.3 (r1234) on Linux, Tor 0.1.2.3 (r1234)",
        "Tor 0.4.9.11 (git-00) on Linux, Tor 0.4.9.11",
        "Better 1.0 on Linux,",
    })
    void theVersionIsThatOfThePlatform(String platform, String version) throws Exception {
        assertThat(RelayDescriptor.of(with("\nplatform .*", "\nplatform " + platform))
                        .version())
                .isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({
        "30000000 30000000 20000000, 10000",
        "30000000 30000000 9999, 9",
        "5000 9000 9999, 5",
        "1 0 0, 0",
    })
    void theBandwidthIsWhatIsOfferedAndCarriedAndBelievable(String bandwidth, long kilobytes) throws Exception {
        assertThat(RelayDescriptor.of(with("\nbandwidth .*", "\nbandwidth " + bandwidth))
                        .entry(Set.of(), false, null, null)
                        .bandwidthKb())
                .isEqualTo(kilobytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "family .* | family $12",
                "family .* | family a-b",
                "family .* | family aaaaaaaaaaaaaaaaaaaa",
                "bandwidth .* | bandwidth 0 1 1",
                "bandwidth .* | bandwidth 1 -1 1",
                "bandwidth .* | bandwidth 1 1 2147483648",
                "bandwidth .* | bandwidth 1 1",
                "proto .* | proto Link",
                "proto .* | ''",
                "platform | ipv6-policy accept 80,x\\nplatform",
                "platform | ipv6-policy allow 80\\nplatform",
                "platform | reject nowhere:80\\nplatform",
                "platform | accept6 192.0.2.1:80\\nplatform",
            })
    void whatIsMisshapenIsRefused(String pattern, String other) {
        assertThatThrownBy(() -> RelayDescriptor.of(with("\n" + pattern, "\n" + other.replace("\\n", "\n"))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aDescriptorWithoutAnExitPolicyIsRefused() {
        assertThatThrownBy(() -> RelayDescriptor.of(with("\n(accept|reject) .*", "")))
                .isInstanceOf(Malformed.class);
    }

    private static String written(String pattern, String other) throws Malformed {
        byte[] written = MicrodescriptorText.of(RelayDescriptor.of(with(pattern, other)), ConsensusMethods.MAX);
        return ForgedVotes.text(Objects.requireNonNull(written));
    }

    /// The descriptor as it would read, and be signed, with all that matches replaced.
    private static RouterDescriptor with(String pattern, String other) {
        String changed = text.replaceAll(pattern, other.replace("$", "\\$"));
        return new RouterDescriptor(
                relay.digest(),
                relay.rsaDigest(),
                relay.ed25519(),
                relay.ntorKey(),
                relay.nickname(),
                relay.orAddresses(),
                relay.published(),
                ForgedVotes.bytes(changed));
    }
}
