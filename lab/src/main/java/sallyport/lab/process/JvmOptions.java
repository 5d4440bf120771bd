package sallyport.lab.process;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options that `./sallyport` gives its JVM: those of `config/jvm.options`, so that what is tested is what runs.
public final class JvmOptions {
    private static final Path FILE = Path.of("config", "jvm.options");

    private JvmOptions() {}

    /// One option a line, what follows `#` is a comment.
    public static List<String> read() throws IOException {
        return Files.readAllLines(file()).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    // We run from the source tree: this class lies below its root, in target/classes or in a jar of the last build.
    private static Path file() throws IOException {
        try {
            Path here = Path.of(JvmOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            for (@Nullable Path directory = here; directory != null; directory = directory.getParent()) {
                if (Files.exists(directory.resolve(FILE))) {
                    return directory.resolve(FILE);
                }
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a code source is a file", e);
        }
        throw new IOException(
                FILE + " is not above " + JvmOptions.class.getProtectionDomain().getCodeSource());
    }
}
