package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryLockTest {
    @TempDir
    Path directory;

    /// Two copies of one identity would rotate onion keys against each other.
    @Test
    void aSecondOwnerIsRefusedAndToldWhoTheFirstIs() throws Exception {
        Path data = directory.resolve("a/data");
        try (DataDirectoryLock _ = DataDirectoryLock.take(data)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThatThrownBy(() -> DataDirectoryLock.take(data))
                    .isInstanceOf(IOException.class)
                    .hasMessage(data + " is in use by a running sallyport (process "
                            + ProcessHandle.current().pid()
                            + "); stop that one, or give this one another data-directory");
        }
        DataDirectoryLock.take(data).close();
    }
}
