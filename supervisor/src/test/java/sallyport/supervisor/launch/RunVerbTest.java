package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.world.FreePorts;

/// The life of the process between its start and its end, in a testing network whose authorities are not there.
class RunVerbTest {
    @TempDir
    Path directory;

    @Test
    void aBadFileEndsItBeforeAnythingIsMade() throws Exception {
        try (RunProcess run = new RunProcess(config("relays = []"))) {
            run.awaitLine("relays: is an empty list");
            assertThat(run.awaitExit()).isEqualTo(ExitCode.ERROR);
        }
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void oneProcessOwnsTheDirectoryUntilItIsAskedToStop() throws Exception {
        Path file = config(relays(relay("one", FreePorts.next())));
        try (RunProcess run = new RunProcess(file)) {
            assertThat(run.awaitLine("starts 1 relay"))
                    .matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ INFO - .*");
            try (RunProcess second = new RunProcess(file)) {
                second.awaitLine("is in use by a running sallyport (process " + run.pid() + ")");
                assertThat(second.awaitExit()).isEqualTo(ExitCode.ERROR);
            }
            run.signal("TERM");
            run.awaitLine("stopped");
            assertThat(run.awaitExit()).isZero();
        }
        try (RunProcess again = new RunProcess(file)) {
            again.awaitLine("starts 1 relay");
            again.signal("INT");
            again.awaitLine("stopping once the circuits have ended, in 30 s at most");
            assertThat(again.awaitExit()).isZero();
        }
    }

    @Test
    void aReloadSaysWhatBecameOfEachChange() throws Exception {
        int port = FreePorts.next();
        Path file = config(relays(relay("one", port)));
        try (RunProcess run = new RunProcess(file)) {
            run.awaitLine("starts 1 relay");

            config(relays(relay("one", port)) + "\nresolver = \"127.0.0.1:1\"\nunknown = 1");
            run.signal("HUP");
            run.awaitLine("reload: " + file + ":7:1: unknown: is not a known key");
            run.awaitLine("reload: nothing was changed");

            config(relays(relay("one", port, "contact = new"), relay("two", FreePorts.next()))
                    + "\nresolver = \"127.0.0.1:1\"\nprocess.memory-in-queues-max = 64 MiB");
            run.signal("HUP");
            run.awaitLine("WARN - reload: process.memory-in-queues-max waits for a restart");
            run.awaitLine("INFO - reload: resolver took effect");
            run.awaitLine("INFO one reload: contact took effect");
            run.awaitLine("INFO two reload: the relay is new and starts");
            run.awaitLine("reload: the keys were read again");

            config(relays(relay("two", FreePorts.next())));
            run.signal("HUP");
            run.awaitLine("INFO one reload: the relay is no longer in the configuration and stops");
            run.awaitLine("INFO two reload: address and or-port took effect");

            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    @Test
    void usr1LogsWhatEachRelayHolds() throws Exception {
        Path file = config(relays(relay("one", FreePorts.next())));
        try (RunProcess run = new RunProcess(file)) {
            run.awaitLine("starts 1 relay");
            // Until it has its keys, a relay holds nothing and says nothing.
            String line;
            do {
                run.signal("USR1");
                line = run.awaitLine("counts: ");
            } while (!line.contains("INFO one counts: "));
            assertThat(line)
                    .endsWith(
                            "links=0 circuits=0 streams=0 exit-connections=0 introduction-points=0 rendezvous-points=0"
                                    + " joined-pairs=0 onion-descriptors=0 fds=0 cells-bytes=0 streams-bytes=0"
                                    + " link-output-bytes=0 handshakes-bytes=0 dns-bytes=0 conflux-bytes=0"
                                    + " onion-descriptors-bytes=0");
            run.signal("USR1");
            run.awaitLine("INFO one peers' faults: {}");
            run.signal("USR1");
            run.awaitLine("INFO - counts: loop=0 cells-held=0");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    /// One relay's corrupt key concerns that relay alone; when it was the last one, the service manager shall know.
    @Test
    void aCorruptKeyStopsItsRelayAloneUntilItIsRepaired() throws Exception {
        Path key = directory.resolve("data/relays/broken/keys/ed25519_master_id_secret_key");
        Files.createDirectories(key.getParent());
        Files.writeString(key, "rubbish");
        int port = FreePorts.next();
        try (RunProcess run = new RunProcess(config(relays(relay("broken", port), relay("good", FreePorts.next()))))) {
            assertThat(run.awaitLine("ERROR broken")).contains(key.toString());
            assertThat(key).hasContent("rubbish");
            Files.delete(key);
            run.signal("HUP");
            run.awaitLine("broken reload: the relay had failed and starts again");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }

        Files.writeString(key, "rubbish");
        try (RunProcess run = new RunProcess(config(relays(relay("broken", port))))) {
            run.awaitLine("no relay is left running");
            assertThat(run.awaitExit()).isEqualTo(ExitCode.ERROR);
        }
    }

    private Path config(String rest) throws IOException {
        return Files.writeString(directory.resolve("sallyport.conf"), """
                data-directory = "%s/data"
                network { kind = testing, authorities = [
                  "nobody orport=1 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:1 89ABCDEF0123456789ABCDEF0123456789ABCDEF"
                ] }
                %s
                """.formatted(directory, rest));
    }

    private static String relays(String... relays) {
        return "relays = [ " + String.join(", ", relays) + " ]";
    }

    private static String relay(String nickname, int port, String... more) {
        return "{ nickname = " + nickname + ", address = 127.0.0.1, or-port = " + port + ", " + String.join(", ", more)
                + " }";
    }
}
