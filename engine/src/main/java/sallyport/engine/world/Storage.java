package sallyport.engine.world;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Named files under the data directory. Names are relative, parts separated by `/`; a name that would
/// leave the directory is our own fault. Directories are made with mode 0700, files with mode 0600.
public interface Storage {
    /// The content, or empty when there is no such file.
    /// @throws IOException also when the file is longer than `maxBytes`
    Optional<byte[]> read(String name, int maxBytes) throws IOException;

    /// Replaces the file atomically: written beside it, synced, renamed, the directory synced. On any
    /// failure the old file stands.
    void write(String name, byte[] content) throws IOException;

    /// Removes the file if there is one.
    void delete(String name) throws IOException;

    boolean exists(String name);

    /// How long the file is; 0 when there is no such file.
    long bytes(String name) throws IOException;

    /// Names of the files and directories directly in a directory, sorted; empty when it does not exist.
    List<String> list(String directory) throws IOException;

    /// Runs `body` while holding the named lock file against every other process and task; waits for it.
    <T> T locked(String name, Locked<T> body) throws IOException;

    /// The path of a name, for messages to the operator.
    String describe(String name);

    @FunctionalInterface
    interface Locked<T> {
        T run() throws IOException;
    }
}
