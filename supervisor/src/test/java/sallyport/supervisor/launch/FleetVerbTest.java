package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `plan`, `apply`, `history`, `diff` and `rollback` beside a process that runs what they apply.
class FleetVerbTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aFleetGrowsAndGoesBackWhileItRuns() throws Exception {
        Path file = configure(2);
        assertThat(call(file, "plan")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("  + exits-1  127.0.77.1 port 19001\n")
                .contains("new identities of 2 relays")
                .contains("no stream is cut")
                .contains("open files: about 27000")
                .contains("local ports: about 6500 of the exit address that most relays share (1)")
                .contains("DNS: about 50 questions a second");
        assertThat(directory.resolve("data")).doesNotExist();
        assertThat(call(file, "apply", "--why", "begin")).isZero();
        assertThat(out.toString()).contains("state 1 is applied").contains("no process runs it");

        try (RunProcess run = new RunProcess(file)) {
            run.awaitLine("starts 2 relays of state 1 of " + file);

            configure(3);
            Path plan = directory.resolve("grow.plan");
            assertThat(call(file, "plan", "-o", plan.toString())).isEqualTo(ExitCode.CHANGES);
            assertThat(call(file, "apply", plan.toString())).isZero();
            assertThat(out.toString())
                    .contains("all batches are healthy")
                    .contains("process " + run.pid() + " runs state 2");
            run.awaitLine("exits-3 reload: the relay is new and starts");
            assertThat(call(file, "plan")).isZero();
            assertThat(out.toString()).endsWith("nothing to do\n");
            assertThat(call(file, "apply", plan.toString())).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString()).contains("the plan was made from state 1, and state 2 is applied");

            assertThat(call(file, "rollback", "1")).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString()).contains("1 relay would be removed and the streams cut; say --yes");
            assertThat(call(file, "rollback", "1", "--yes")).isZero();
            run.awaitLine("exits-3 reload: the relay is no longer in the configuration and stops");
            run.awaitLine(file + " has moved on since state 3 was applied");

            assertThat(call(file, "history")).isZero();
            assertThat(out.toString().lines().toList())
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("  1  ") && line.endsWith("begin"))
                    .anyMatch(line -> line.startsWith("* 3  ") && line.endsWith("back to state 1"));
            assertThat(call(file, "diff", "2", "3")).isEqualTo(ExitCode.CHANGES);
            assertThat(out.toString()).contains("count=3").contains("-relay exits-3 ");
            assertThat(call(file, "diff", "2", "3", "--json")).isEqualTo(ExitCode.CHANGES);
            assertThat(out.toString()).startsWith("{\"schema\":1,\"from\":2,\"to\":3,\"configuration\":[\"");
            assertThat(call(file, "history", "--json")).isZero();
            assertThat(out.toString())
                    .startsWith("{\"schema\":1,\"states\":[{\"state\":1,\"runs\":false,\"when\":\"")
                    .contains("\"relays\":3,\"host\":\"default\",\"who\":\"");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    /// Whatever is wrong with the file by now, what was applied runs.
    @Test
    void aFileThatWentBadDoesNotKeepTheAppliedStateFromRunning() throws Exception {
        Path file = configure(1);
        try (RunProcess run = new RunProcess(file)) {
            run.awaitLine("nothing of " + file + " was applied on this host yet");
            assertThat(run.awaitExit()).isEqualTo(ExitCode.ERROR);
        }
        assertThat(call(file, "apply")).isZero();
        Files.writeString(file, Files.readString(file) + "\nunknown = 1\n");
        assertThat(call(file, "plan")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("unknown: is not a known key");
        try (RunProcess run = new RunProcess(file)) {
            run.awaitLine("starts 1 relay of state 1");
            run.awaitLine(file + " has problems by now, and state 1 runs on");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
        Files.delete(Path.of(file + ".lock"));
        configure(1);
        assertThat(call(file, "plan")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains(file + ".lock is missing, and without it relays would move");
    }

    /// Clients see sums of ports; the authorities' judgement comes days before its flag.
    @Test
    void whatClientsWillSeeOfAPolicyIsSaid() throws Exception {
        Path file = configure(2);
        Files.writeString(file, Files.readString(file) + """
                groups.exits { exit-policy = web, ipv6-exit = true, notes.exit-policy = "as the landlord wishes" }
                groups.exits.relays."2" { exit-policy = ["reject 9.0.0.0/8:80", "reject *:443", reduced] }
                """);
        assertThat(call(file, "config", "effective", "exits-1")).isZero();
        assertThat(out.toString())
                .contains("exit-policy = \"web\"")
                .contains("    note: as the landlord wishes\n")
                .contains("  clients see of its exit policy: accept 80,443; IPv6: accept 80,443\n");
        assertThat(call(file, "plan")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("  exit policy as clients see it, of 1 relay: accept 80,443; IPv6: accept 80,443\n")
                .contains("warning: the policy of 1 relay, exits-2, gets no flag Exit");
        assertThat(call(file, "config", "explain", "exit-policy")).isZero();
        assertThat(out.toString()).contains("    note: as the landlord wishes\n");
        assertThat(out.toString())
                .contains("  web, as clients see it: accept 80, 443\n")
                .contains("749, 853, 873")
                .contains("50001-50002");
    }

    /// Keys are where their host is: applied for another one, its relays would come up a second time.
    @Test
    void aDataDirectoryIsOfOneHost() throws Exception {
        Path file = configure(2);
        Files.writeString(file, Files.readString(file) + """
                pools.other.ipv4 = "127.0.78.0/28"
                hosts { alpha { pools = main }, beta { pools = other } }
                """);
        assertThat(call(file, "apply", "--host", "alpha")).isZero();
        assertThat(call(file, "plan")).isZero();
        assertThat(call(file, "plan", "--host", "beta")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("/data is host alpha's, whose relays' keys lie there");
    }

    /// One line of the lock file, and nothing that the configuration or another relay would not bear.
    @Test
    void aRelayMovesWhereItMayAndNowhereElse() throws Exception {
        Path file = configure(3);
        Files.writeString(file, Files.readString(file) + "pools.main.ipv6 = \"2001:db8::/64\"\n");
        Path lock = Path.of(file + ".lock");
        assertThat(call(file, "relay", "move", "exits-2", "--address", "127.0.77.9"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("what was never applied has no place yet");
        assertThat(call(file, "apply")).isZero();
        String before = Files.readString(lock);

        for (String[] refused : new String[][] {
            {"--address", "127.0.77.3", "is the place of exits-3; move that one first"},
            {"--address", "127.0.78.3", "has to be one of a pool of group exits on host default"},
            {"--address", "127.0.77.0", "has to be one of a pool of group exits"},
            {"--address", "nonsense", "has to be one of a pool of group exits"},
            {"--port", "19002", "the port one of its or-port"}
        }) {
            assertThat(call(file, "relay", "move", "exits-2", refused[0], refused[1]))
                    .as(refused[1])
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString()).contains(refused[2]);
        }
        assertThat(call(file, "relay", "move", "exits-2")).isEqualTo(ExitCode.USAGE);
        assertThat(call(file, "relay", "move", "exits-9", "--port", "1")).isEqualTo(ExitCode.ERROR);
        assertThat(lock).hasContent(before);

        assertThat(call(file, "relay", "move", "exits-2", "--address", "127.0.77.9"))
                .isZero();
        assertThat(out.toString())
                .startsWith("exits-2 is to move from 127.0.77.2,2001:db8::2 port 19001 to"
                        + " 127.0.77.9,2001:db8::9 port 19001, says " + lock + " now\n");
        assertThat(call(file, "plan")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString()).contains("  > exits-2  from 127.0.77.2").contains("1 to move");
        assertThat(call(file, "apply")).isZero();
        assertThat(Files.readString(lock).lines().filter(line -> !before.contains(line)))
                .singleElement()
                .asString()
                .contains("relay exits-2 ", "address=127.0.77.9,2001:db8");
        assertThat(call(file, "plan")).isZero();
        assertThat(call(file, "relay", "move", "exits-2", "--address", "127.0.77.2", "--json"))
                .isZero();
        assertThat(out.toString()).startsWith("{\"schema\":1,\"outcome\":\"ok\",\"relay\":\"exits-2\",");
    }

    private Path configure(int count) throws Exception {
        return Files.writeString(directory.resolve("sallyport.conf"), """
                data-directory = "%s/data"
                network { kind = testing, authorities = [
                  "nobody orport=1 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:1 89ABCDEF0123456789ABCDEF0123456789ABCDEF"
                ] }
                pools.main.ipv4 = "127.0.77.0/28"
                groups.exits { count = %d, nickname = "exit{n}", or-port = 19001 }
                """.formatted(directory, count));
    }

    private int call(Path file, String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.add("--config");
        arguments.add(file.toString());
        return Main.run(arguments.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
