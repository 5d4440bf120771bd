package sallyport.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import sallyport.lab.load.Mix;

/// What `sallyport demo` and its performances play, on one stage of three exits, in a network of our own
/// parts.
class ScenesInteropIT {
    // No chats: one lasts for twenty seconds.
    private static final Mix MIX = Mix.parse("web=2,resolve=1");
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final int EXITS = 3;

    private final StringWriter steps = new StringWriter();

    @Test
    void allArePlayedAndNothingIsLeft() throws Exception {
        Path directory;
        long pid;
        try (Progress progress = new Progress(new PrintWriter(steps, true), false, Stage.steps(EXITS));
                Stage stage = Stage.set(Peer.EMBEDDED, EXITS, Stage.Front.FORWARDER, Duration.ofMinutes(5), progress)) {
            directory = stage.network().leash().directory();
            pid = stage.sallyport().pid();

            assertThat(played(new Fetches(), stage))
                    .containsPattern("sally1 .* 1048576 bytes as sent")
                    .containsPattern("sally3 .* 1048576 bytes as sent");

            assertThat(played(new LoadScene(MIX, SHORT), stage))
                    .containsPattern("sally1 +published")
                    .containsPattern("web +[1-9]")
                    .contains("for process " + pid);

            assertThat(loaded("--config", stage.sallyport().configFile().toString()))
                    .doesNotContain("hops")
                    .containsPattern("web +[1-9]")
                    .contains("for process " + pid);
            assertThat(loaded("--data-directory", stage.dataDirectory().toString(), "--hops", "2", "--within"))
                    .contains("paths of 2 hops")
                    .contains("for process " + pid);

            assertThat(played(new AttackScene(MIX, SHORT), stage))
                    .containsPattern("sally1: asked for [1-9][0-9]+ circuits")
                    .contains("sally2: 20 of 20 slow readers are connected")
                    .containsPattern("under attack: [0-9]+ % of the throughput");

            assertThat(played(new BreakScene(), stage))
                    .contains("sally1 is stopped: it is stopped", "the name server answers SERVFAIL")
                    .contains("the address of sally3 is cut", "  sally3 is published")
                    .containsPattern("sally1 is mended, after [0-9.]+ s a client: a page")
                    .containsPattern("sally3 is mended, after [0-9.]+ s a client: a page")
                    .containsPattern("nobody of them waited longer than [0-9.]+ s");
        }
        assertThat(directory).doesNotExist();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(steps.toString()).contains("everything is stopped and removed");
    }

    /// `sallyport load` by a client of its own, whose users are all served.
    private static String loaded(String... where) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(where));
        arguments.addAll(List.of("--mix", "web=2,upload=1", "--warm-up", "1s", "--for", "4s"));
        int code = new CommandLine(new LoadCommand())
                .setOut(new PrintWriter(out, true))
                .execute(arguments.toArray(String[]::new));
        System.err.println(out);
        assertThat(code).isZero();
        return out.toString();
    }

    private String played(Scene scene, Stage stage) throws Exception {
        StringWriter out = new StringWriter();
        boolean good = scene.play(stage, new PrintWriter(out, true));
        // What was seen stands in the test's log, also where all is well.
        System.err.println(out);
        assertThat(good).as("%s%n%s", out, steps).isTrue();
        return out.toString();
    }
}
