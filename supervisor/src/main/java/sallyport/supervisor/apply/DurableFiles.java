package sallyport.supervisor.apply;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Files that are there whole or not at all, also after a power cut: what is renamed was synced before,
/// and the directory is synced after.
public final class DurableFiles {
    /// What a test does between two steps, to see what is left when the process ends there.
    @FunctionalInterface
    interface Between {
        /// Does nothing.
        Between NOTHING = _ -> {};

        void steps(String next);
    }

    private final Between between;

    public DurableFiles() {
        this(Between.NOTHING);
    }

    DurableFiles(Between between) {
        this.between = between;
    }

    /// Replaces the file.
    public void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        write(fresh, text);
        rename(fresh, file);
    }

    void write(Path file, String text) throws IOException {
        between.steps("open " + file.getFileName());
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            between.steps("write " + file.getFileName());
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            between.steps("sync " + file.getFileName());
            channel.force(true);
        }
    }

    /// Moves a synced file or directory to its final name, atomically.
    void rename(Path from, Path to) throws IOException {
        between.steps("rename to " + to.getFileName());
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(Objects.requireNonNull(to.getParent()));
    }

    /// Makes an empty directory, whatever was there.
    void fresh(Path directory) throws IOException {
        between.steps("make " + directory.getFileName());
        remove(directory);
        Files.createDirectories(directory);
    }

    /// Removes a directory with all that is in it, if it is there.
    void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        between.steps("remove " + directory.getFileName());
        List<Path> old;
        try (Stream<Path> walk = Files.walk(directory)) {
            old = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : old) {
            Files.delete(path);
        }
    }

    void sync(Path directory) throws IOException {
        between.steps("sync directory " + directory.getFileName());
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
