package sallyport.supervisor.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Makes one process the only one that runs the relays of a data directory: two copies of an identity
/// would rotate onion keys against each other and break circuits. The kernel gives the lock back when the
/// process ends, however it ends.
final class DataDirectoryLock implements AutoCloseable {
    private static final String FILE = "sallyport.lock";
    // A process number and a line end.
    private static final int CONTENT_BYTES_MAX = 32;

    private final FileChannel channel;

    private DataDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes the directory where it is missing (mode 0700) and takes its lock.
    ///
    /// @throws IOException with a message for the operator
    static DataDirectoryLock take(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = directory.resolve(FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (tryLock(channel, false) == null) {
            String holder = holder(channel);
            channel.close();
            throw new IOException(directory + " is in use by a running sallyport" + holder
                    + "; stop that one, or give this one another data-directory");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
        return new DataDirectoryLock(channel);
    }

    /// The process that runs the relays of a directory; empty when none does.
    static OptionalLong holderOf(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (tryLock(channel, true) != null) {
                return OptionalLong.empty(); // its holder ended without a word
            }
            OptionalLong pid = pid(channel);
            return pid.isPresent() && ProcessHandle.of(pid.getAsLong()).isPresent() ? pid : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() throws IOException {
        channel.truncate(0);
        channel.close();
    }

    /// @param shared for who only looks, and may not write
    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        OptionalLong pid = pid(channel);
        return pid.isPresent() ? " (process " + pid.getAsLong() + ")" : "";
    }

    private static OptionalLong pid(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(CONTENT_BYTES_MAX);
        channel.read(content, 0);
        String text =
                StandardCharsets.US_ASCII.decode(content.flip()).toString().strip();
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
