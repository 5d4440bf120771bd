package sallyport.supervisor.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.admin.Answer;
import sallyport.supervisor.admin.ControlClient;
import sallyport.supervisor.screen.Fields;

/// Has the running process take over the newest applied state, and says how far it comes. The process
/// does it by itself: whoever only watches may leave.
///
/// @param file the configuration, as the operator named it
/// @param wishes fields of the request
record HandOver(Path file, Path dataDirectory, Map<String, @Nullable Object> wishes, ApplyReport report) {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);
    // A process that has just started opens its socket within a second or two.
    private static final Duration SOCKET_WAIT = Duration.ofSeconds(10);

    /// How it ended.
    enum Outcome {
        /// All relays follow, or no process runs.
        DONE,
        /// A batch was not healthy, and the process stopped there.
        HALTED,
        /// It is not known how far the process has come.
        UNKNOWN
    }

    Outcome of(int state) throws IOException, InterruptedException {
        OptionalLong pid = DataDirectoryLock.holderOf(dataDirectory);
        if (pid.isEmpty()) {
            report.step("end", "no process runs it; start it with: sallyport run --config " + file);
            return Outcome.DONE;
        }
        for (Duration waited = Duration.ZERO; waited.compareTo(SOCKET_WAIT) < 0; waited = waited.plus(LOOK_INTERVAL)) {
            try (ControlClient client = ControlClient.connect(dataDirectory)) {
                return watch(client, pid.getAsLong(), state);
            } catch (ControlClient.NotRunning e) {
                Thread.sleep(LOOK_INTERVAL);
            } catch (IOException e) {
                report.problem(Failure.text(e) + "; apply once more to see how far it has come");
                return Outcome.UNKNOWN;
            }
        }
        return hangUp(pid.getAsLong());
    }

    private Outcome watch(ControlClient client, long pid, int state) throws IOException, InterruptedException {
        Map<String, @Nullable Object> answer = client.ask("apply", wishes);
        if (ControlClient.outcome(answer) != Answer.Outcome.OK) {
            report.problem("process " + pid + " does not take it over: " + answer.get("message"));
            return Outcome.UNKNOWN;
        }
        long attempt = new Fields(answer).number("attempt");
        report.step("begin", "process " + pid + " takes it over, also when this command is ended");
        String said = "";
        while (true) {
            Fields applying = new Fields(client.ask("progress", Map.of())).in("applying");
            if (applying.number("attempt") >= attempt) {
                String text = applying.text("text");
                String phase = applying.text("phase");
                if (phase.equals("halted")) {
                    report.problem(text);
                    return Outcome.HALTED;
                }
                if (!text.equals(said)) {
                    report.progress(applying.object(), text);
                    said = text;
                }
                if (phase.equals("done")) {
                    report.step("end", "process " + pid + " runs " + "state " + applying.number("state"));
                    return applying.number("state") >= state ? Outcome.DONE : Outcome.UNKNOWN;
                }
            }
            Thread.sleep(LOOK_INTERVAL);
        }
    }

    /// Without a socket the process is told, but cannot answer. The JDK sends no SIGHUP; every shell does.
    private Outcome hangUp(long pid) throws IOException, InterruptedException {
        int answer = new ProcessBuilder("/bin/sh", "-c", "kill -HUP " + pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        report.problem(
                answer == 0
                        ? "process " + pid + " has no control socket; it was told to take it over, and its log says how"
                                + " far it comes"
                        : "process " + pid + " may not be signalled by this user; have it reload, as by `systemctl"
                                + " reload`");
        return Outcome.UNKNOWN;
    }
}
