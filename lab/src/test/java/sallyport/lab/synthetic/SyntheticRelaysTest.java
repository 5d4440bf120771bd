package sallyport.lab.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.Unverified;
import sallyport.engine.world.RealWorld;

/// A synthetic relay is one like any other, to whoever only reads.
class SyntheticRelaysTest {
    private static final int RELAYS = 300;

    @TempDir
    private Path directory;

    @Test
    void everyDescriptorIsValidlySignedAndOfAnotherRelay() throws Exception {
        Set<String> identities = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            for (byte[] upload : SyntheticRelays.make(RELAYS, world)) {
                String text = new String(upload, StandardCharsets.US_ASCII);
                int extraInfo = text.indexOf("\nextra-info ");
                List<Unverified<RouterDescriptor>> parsed = RouterDescriptor.parseAll(
                        text.substring(0, extraInfo + 1).getBytes(StandardCharsets.US_ASCII));
                assertThat(parsed).hasSize(1);
                RouterDescriptor descriptor = parsed.getFirst()
                        .verify(
                                new DirectoryTrust(true, Set.of(), List.of()),
                                world.clock().instant());
                identities.add(new String(descriptor.ed25519(), StandardCharsets.ISO_8859_1));
                String fingerprint = line(text, "fingerprint ").replace(" ", "");
                addresses.add(line(text, "router ").split(" ")[1]);
                assertThat(identities.add(fingerprint)).isTrue();
                assertThat(line(text, "family ").split(" ")).hasSize(10).contains("$" + fingerprint);
            }
        }
        assertThat(identities).hasSize(2 * RELAYS);
        assertThat(addresses).hasSize(RELAYS);
    }

    private static String line(String text, String keyword) {
        int from = text.indexOf(keyword) + keyword.length();
        return text.substring(from, text.indexOf('\n', from));
    }
}
