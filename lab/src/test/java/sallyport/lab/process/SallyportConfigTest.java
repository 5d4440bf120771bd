package sallyport.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;

class SallyportConfigTest {
    private static final String AUTHORITY =
            "auth0 orport=5000 no-v2 v3ident=" + "A1".repeat(20) + " 127.20.1.10:7000 " + "B2".repeat(20);

    @Test
    void ourReaderAcceptsWhatWeWrite(@TempDir Path directory) throws Exception {
        SallyportConfig config = new SallyportConfig(
                directory.resolve("data"),
                List.of(AUTHORITY),
                List.of("127.20.1.53:5353"),
                List.of(
                        SallyportConfig.Relay.exit("sally1", "127.20.1.20", 9001, "127.20.1.30"),
                        SallyportConfig.Relay.exit("sally2", "127.20.1.21", 9001, "127.20.1.31")
                                .withPolicy("reject *:25", "accept *:*")
                                .with("id = \"second\"")),
                List.of());
        Path file = Files.writeString(directory.resolve("sallyport.conf"), config.text());
        FleetSpec fleet = new ConfigReader().read(file);
        assertThat(fleet.relays()).extracting(relay -> relay.id()).containsExactly("sally1", "second");
    }

    @Test
    void theJvmGetsTheLaunchersOptions() throws Exception {
        assertThat(JvmOptions.read()).contains("-XX:+UseCompactObjectHeaders").noneMatch(line -> line.contains("#"));
    }
}
