package sallyport.supervisor.budget;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What lies below the data directory, by what it is for, and what is free beside it.
///
/// @param bytes of each part
/// @param freeBytes that the file system has left for us
public record DiskUse(Map<Part, Long> bytes, long freeBytes) {
    /// What it is for.
    public enum Part {
        /// Consensuses and diffs that lie compressed for clients; has a ceiling.
        DIRECTORY_CACHE("directory-cache"),
        /// The documents of the network, as they were fetched: what the consensus lists, and as much
        /// again that it listed lately.
        DIRECTORY("directory"),
        /// What relays carried and counted: some kilobytes each, written over and over.
        HISTORY("history"),
        /// The states of the configuration; a hundred are kept.
        APPLIED("applied"),
        /// Keys, and whatever else there is.
        OTHER("other");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// What is not named is nothing.
    public DiskUse {
        Map<Part, Long> all = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            all.put(part, bytes.getOrDefault(part, 0L));
        }
        bytes = Collections.unmodifiableMap(all);
    }

    /// Looks at every file; some milliseconds for a fleet. What is gone before it was looked at does not
    /// count.
    public static DiskUse of(Path dataDirectory) {
        Map<Part, Long> bytes = new EnumMap<>(Part.class);
        try {
            Files.walkFileTree(dataDirectory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes.merge(part(dataDirectory.relativize(file)), attributes.size(), Long::sum);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
            return new DiskUse(bytes, Files.getFileStore(dataDirectory).getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Part part(Path name) {
        return switch (name.getName(0).toString()) {
            case "dircache" -> Part.DIRECTORY_CACHE;
            case "directory" -> Part.DIRECTORY;
            case "applied" -> Part.APPLIED;
            case "relays" -> isHistory(name) ? Part.HISTORY : Part.OTHER;
            default -> Part.OTHER;
        };
    }

    private static boolean isHistory(Path name) {
        return (name.getNameCount() > 2 && name.getName(2).toString().equals("stats")) || name.endsWith("keys/state");
    }
}
