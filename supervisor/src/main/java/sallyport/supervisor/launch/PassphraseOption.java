package sallyport.supervisor.launch;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the passphrase of a master key comes from: a file, an open file descriptor, or the terminal.
final class PassphraseOption {
    // C tor's buffer, and no longer one would open a key there.
    private static final int BYTES_MAX = 255;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Reads the passphrase from a file; a line break at its end does not count.")
    private @Nullable Path file;

    @Option(
            names = "--passphrase-fd",
            paramLabel = "FD",
            description = "Reads the passphrase from an open file descriptor; as in tor, every byte of it counts.")
    private int descriptor = -1;

    /// The bytes of the passphrase, at least one.
    /// @param twice whether somebody who types it has to type it again
    /// @throws IOException when there is none
    byte[] read(boolean twice) throws IOException {
        byte[] passphrase = file != null ? ofFile(file) : descriptor >= 0 ? ofDescriptor() : typed(twice);
        if (passphrase.length == 0) {
            throw new IOException("an empty passphrase");
        }
        if (passphrase.length > BYTES_MAX) {
            throw new IOException("a passphrase of more than " + BYTES_MAX + " bytes");
        }
        return passphrase;
    }

    private static byte[] ofFile(Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(BYTES_MAX + 2);
        }
        boolean ends = content.length > 0 && content[content.length - 1] == '\n';
        return ends ? Arrays.copyOf(content, content.length - 1) : content;
    }

    private byte[] ofDescriptor() throws IOException {
        try (InputStream in = Files.newInputStream(Path.of("/dev/fd", Integer.toString(descriptor)))) {
            return in.readNBytes(BYTES_MAX + 1);
        }
    }

    private static byte[] typed(boolean twice) throws IOException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new IOException("no terminal to ask for the passphrase; use --passphrase-file or --passphrase-fd");
        }
        char[] first = console.readPassword("Passphrase of the master key: ");
        if (first == null || (twice && !Arrays.equals(first, console.readPassword("The same again: ")))) {
            throw new IOException("the passphrases differ");
        }
        byte[] bytes = new byte[BYTES_MAX * 4];
        int length = StandardCharsets.UTF_8.encode(CharBuffer.wrap(first)).remaining();
        StandardCharsets.UTF_8.encode(CharBuffer.wrap(first)).get(bytes, 0, Math.min(length, bytes.length));
        Arrays.fill(first, ' ');
        return Arrays.copyOf(bytes, Math.min(length, bytes.length));
    }
}
