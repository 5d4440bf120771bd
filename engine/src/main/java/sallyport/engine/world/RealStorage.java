package sallyport.engine.world;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Files under one directory.
final class RealStorage implements Storage {
    // Ours: making a key takes longer than this.
    private static final Duration LOCK_POLL = Duration.ofMillis(10);

    private final Path root;
    // A file lock belongs to the process; tasks of this process exclude each other here first.
    private final ConcurrentHashMap<String, ReentrantLock> ownLocks = new ConcurrentHashMap<>();

    RealStorage(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public Optional<byte[]> read(String name, int maxBytes) throws IOException {
        try {
            Path path = path(name);
            if (Files.size(path) > maxBytes) {
                throw new IOException(path + " is longer than " + maxBytes + " bytes");
            }
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        Path target = path(name);
        Path parent = parentOf(target);
        makeDirectories(parent);
        Path fresh = Files.createTempFile(
                parent,
                "." + target.getFileName(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(path(name));
    }

    @Override
    public long bytes(String name) throws IOException {
        try {
            return Files.size(path(name));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public List<String> list(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(path(directory))) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public <T> T locked(String name, Locked<T> body) throws IOException {
        ReentrantLock own = ownLocks.computeIfAbsent(name, _ -> new ReentrantLock());
        own.lock();
        try {
            Path path = path(name);
            makeDirectories(parentOf(path));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = waitForLock(channel)) {
                return body.run();
            }
        } finally {
            own.unlock();
        }
    }

    /// Asks again and again instead of waiting in the kernel: that counts locks by process, so two
    /// processes whose threads want different files look like a deadlock to it, and one of them would be
    /// refused.
    private static FileLock waitForLock(FileChannel channel) throws IOException {
        while (true) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            try {
                Thread.sleep(LOCK_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for a lock");
            }
        }
    }

    @Override
    public String describe(String name) {
        return path(name).toString();
    }

    private Path path(String name) {
        Path path = root.resolve(name).normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw new IllegalStateException("a name outside the data directory");
        }
        return path;
    }

    private static Path parentOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException("a file without a directory");
        }
        return parent;
    }

    private static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        try {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rwx------"))));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }
}
