package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An editor jumps there: a column is right or not said.
class ColumnsTest {
    @TempDir
    Path directory;

    @Test
    void theColumnIsThatOfTheKeyAndOfNoneThatLooksLikeIt() throws Exception {
        String file = Files.writeString(directory.resolve("x.conf"), """
                fleet.defaults { nor-port = 1, or-port = 2, exit-policy = [
                  "or-port", "b"
                ] }
                a.port = 1, b.port = 2
                """).toString();
        Columns columns = new Columns();
        assertThat(columns.of(file, 1, "fleet.defaults.or-port")).isEqualTo(32);
        assertThat(columns.of(file, 1, "exit-policy[3]")).isEqualTo(45);
        assertThat(columns.of(file, 2, "fleet.defaults.exit-policy[1]"))
                .as("the first letter where the key stands on another line")
                .isEqualTo(3);
        assertThat(columns.of(file, 4, "b.port")).as("twice on the line").isZero();
        assertThat(columns.of(file, 9, "a")).isZero();
        assertThat(columns.of(file, 0, "a")).isZero();
        assertThat(columns.of(file + ".none", 1, "a")).isZero();
    }
}
