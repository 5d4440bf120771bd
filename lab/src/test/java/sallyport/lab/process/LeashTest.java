package sallyport.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A test that leaves processes behind spoils the next one and the machine of whoever ran it.
class LeashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void closingEndsProcessesAndRemovesTheDirectory() throws Exception {
        Leash leash = Leash.fresh("sallyport-leash-test-", PATIENCE);
        Path directory = leash.directory();
        Process process = startSleeper(leash);
        Files.createDirectories(directory.resolve("deep/er"));
        assertThat(process.isAlive()).isTrue();
        leash.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(directory).doesNotExist();
        leash.close();
        assertThatThrownBy(() -> startSleeper(leash)).isInstanceOf(IOException.class);
    }

    @Test
    void aProcessThatIsDeafToTermIsKilled() throws Exception {
        Leash leash = Leash.fresh("sallyport-leash-test-", PATIENCE);
        Process deaf = leash.start(new ProcessBuilder(
                "/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done", "deaf", leash.directory() + ""));
        leash.close();
        assertThat(deaf.isAlive()).isFalse();
        assertThat(leash.directory()).doesNotExist();
    }

    @Test
    void theLifetimeEndsEverything() throws Exception {
        Leash leash = Leash.fresh("sallyport-leash-test-", Duration.ofSeconds(1));
        Process process = startSleeper(leash);
        await().atMost(PATIENCE).until(() -> !process.isAlive() && !Files.exists(leash.directory()));
        leash.close();
    }

    @Test
    void aKilledJvmLeavesNothingBehind() throws Exception {
        diesWith("-KILL");
    }

    @Test
    void ctrlCLeavesNothingBehind() throws Exception {
        diesWith("-INT");
    }

    @Test
    void aProcessMustNameTheDirectory() throws Exception {
        try (Leash leash = Leash.fresh("sallyport-leash-test-", PATIENCE)) {
            assertThatThrownBy(() -> leash.start(new ProcessBuilder("/bin/sleep", "60")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void diesWith(String signal) throws Exception {
        Process jvm = new ProcessBuilder(
                        Programs.java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
        Path directory = Path.of(said.readLine());
        ProcessHandle sleeper =
                ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
        assertThat(directory).isDirectory();
        assertThat(sleeper.isAlive()).isTrue();
        new ProcessBuilder("/bin/kill", signal, "" + jvm.pid()).start().waitFor();
        await().atMost(PATIENCE).until(() -> !sleeper.isAlive() && !Files.exists(directory) && !jvm.isAlive());
    }

    private static Process startSleeper(Leash leash) throws IOException {
        Path file = Files.createFile(leash.directory().resolve("file"));
        return leash.start(new ProcessBuilder(List.of("/usr/bin/tail", "-f", file.toString())));
    }

    /// The JVM that dies.
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            Leash leash = Leash.fresh("sallyport-leash-test-", PATIENCE);
            Process sleeper = startSleeper(leash);
            System.out.println(leash.directory() + "\n" + sleeper.pid());
            Thread.sleep(PATIENCE.multipliedBy(2));
        }
    }
}
