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
                relays { "1".address = 192.0.2.2, "2".address = 2 }
                x { port = 1 }, x { port = 2 }
                """).toString();
        Columns columns = new Columns();
        assertThat(columns.of(file, 1, "fleet.defaults.or-port")).isEqualTo(32);
        assertThat(columns.of(file, 1, "exit-policy[3]")).isEqualTo(45);
        assertThat(columns.of(file, 2, "fleet.defaults.exit-policy[1]"))
                .as("the first letter where the key stands on another line")
                .isEqualTo(3);
        assertThat(columns.of(file, 4, "b.port"))
                .as("twice on the line, once behind its section")
                .isEqualTo(15);
        assertThat(columns.of(file, 5, "relays.2.address"))
                .as("a name of digits is none of the numbers beside it")
                .isEqualTo(39);
        assertThat(columns.of(file, 6, "x.port")).as("nobody knows which").isZero();
        assertThat(columns.of(file, 9, "a")).isZero();
        assertThat(columns.of(file, 0, "a")).isZero();
        assertThat(columns.of(file + ".none", 1, "a")).isZero();
    }
}
