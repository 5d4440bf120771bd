package sallyport.lab.demo;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `--peer embedded|tor`.
final class PeerOption {
    @Option(
            names = "--peer",
            paramLabel = "KIND",
            converter = Converter.class,
            description = "Of what the network is made, its authorities, relays and client: tor, the C implementation,"
                    + " which must be installed; or embedded, parts of this program. Without it tor where it is"
                    + " installed, else embedded.")
    private @Nullable Peer peer;

    /// What was asked for, or what suits this machine.
    Peer chosen() throws IOException, InterruptedException {
        return peer == null ? Peer.installed() : peer;
    }

    /// Whether it was asked for that nothing of C tor takes part.
    boolean isEmbedded() {
        return peer == Peer.EMBEDDED;
    }

    /// `embedded` or `tor`.
    private static final class Converter implements ITypeConverter<Peer> {
        @Override
        public Peer convert(String text) {
            for (Peer peer : Peer.values()) {
                if (peer.word().equals(text)) {
                    return peer;
                }
            }
            throw new TypeConversionException("'" + text + "' is neither embedded nor tor");
        }
    }
}
