package sallyport.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Copies what helps to understand a failed test out of a network's directory before that is removed.
final class KeptLogs {
    private static final Set<String> FILES =
            Set.of("torrc", "notice.log", "info.log", "output.log", "sallyport.log", "sallyport.conf");

    private KeptLogs() {}

    /// Copies the logs of every process of the network into a directory named like the network's.
    static void copy(Path network, Path into) throws IOException {
        Path target = into.resolve(network.getFileName().toString());
        List<Path> logs;
        try (Stream<Path> found = Files.walk(network, 2)) {
            logs = found.filter(path -> FILES.contains(path.getFileName().toString()))
                    .toList();
        }
        for (Path log : logs) {
            Path to = target.resolve(network.relativize(log));
            Files.createDirectories(target.resolve(network.relativize(log.getParent())));
            Files.copy(log, to);
        }
    }
}
