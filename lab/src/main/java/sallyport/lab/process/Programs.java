package sallyport.lab.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The programs of the machine that the lab runs: C tor, tor-gencert, curl.
public final class Programs {
    /// The C tor that this lab was written against; older ones lack what the tests look at.
    private static final int[] TOR_AT_LEAST = {0, 4, 9};

    private static final Pattern TOR_VERSION = Pattern.compile("Tor version (\\d+)\\.(\\d+)\\.(\\d+)\\S*");
    private static final List<String> BESIDES_PATH =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin");

    private Programs() {}

    /// A program that is not there; the message is one line that says how to get it.
    public static final class Missing extends IOException {
        private static final long serialVersionUID = 1L;

        Missing(String line) {
            super(line);
        }
    }

    /// Where `tor` is; refuses one older than 0.4.9 by naming what it found.
    public static Path tor() throws IOException, InterruptedException {
        Path tor = find("tor")
                .orElseThrow(() -> new Missing(
                        "C tor is missing (looked on PATH and in /usr/sbin): apt-get install tor   # 0.4.9 or later"));
        String version = firstLine(tor, "--version");
        Matcher matcher = TOR_VERSION.matcher(version);
        if (!matcher.find() || isOlder(matcher)) {
            throw new Missing("C tor 0.4.9 or later is needed, " + tor + " says: " + version
                    + "; newer packages: https://deb.torproject.org");
        }
        return tor;
    }

    /// Where `tor-gencert` is; Debian ships it with tor.
    public static Path torGencert() throws IOException {
        return find("tor-gencert")
                .orElseThrow(() -> new Missing("tor-gencert is missing: apt-get install tor   # it comes with C tor"));
    }

    /// Where `curl` is.
    public static Path curl() throws IOException {
        return find("curl").orElseThrow(() -> new Missing("curl is missing: apt-get install curl"));
    }

    /// The `java` that runs us.
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), BESIDES_PATH.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean isOlder(Matcher version) {
        for (int i = 0; i < TOR_AT_LEAST.length; i++) {
            int found = Integer.parseInt(version.group(i + 1));
            if (found != TOR_AT_LEAST[i]) {
                return found < TOR_AT_LEAST[i];
            }
        }
        return false;
    }

    private static String firstLine(Path program, String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), argument)
                .redirectErrorStream(true)
                .start();
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return all.lines().findFirst().orElse("nothing");
    }
}
