package sallyport.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Commands to another JVM of the same user (`jcmd`).
public final class Jcmd {
    private Jcmd() {}

    /// Sends one command and returns the lines of its answer.
    public static List<String> run(long pid, String... words) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = Stream.concat(Stream.of(jcmd.toString(), "" + pid), Stream.of(words))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader reader = process.inputReader()) {
            List<String> lines = reader.lines().toList();
            if (process.waitFor() != 0) {
                throw new IOException("jcmd: " + lines.stream().limit(3).collect(Collectors.joining(" ")));
            }
            return lines;
        }
    }
}
