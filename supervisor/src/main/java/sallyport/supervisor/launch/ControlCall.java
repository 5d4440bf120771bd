package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.admin.ControlClient;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.screen.Fields;

/// One question of a verb to the running process, and its answer on the screen.
record ControlCall(ControlOption option, PrintWriter out, PrintWriter err) {
    /// Asks, prints and answers the exit code.
    ///
    /// @param more what the request needs beside its verb
    /// @param screen makes lines of a good answer
    int ask(String verb, Map<String, ? extends @Nullable Object> more, Function<Fields, List<String>> screen) {
        try (ControlClient client = connect()) {
            Map<String, @Nullable Object> answer = client.ask(verb, more);
            if (option.json()) {
                out.println(ControlClient.text(answer));
            } else if (answer.get("message") != null) {
                err.println(answer.get("message"));
            } else {
                screen.apply(new Fields(answer)).forEach(out::println);
            }
            return ControlClient.outcome(answer).exitCode();
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return ExitCode.ERROR;
        } catch (IOException e) {
            return failed(e);
        }
    }

    ControlClient connect() throws BadConfiguration, IOException {
        return ControlClient.connect(option.dataDirectory());
    }

    /// What became of a question that nobody answered.
    int failed(IOException e) {
        if (option.json()) {
            out.println(ControlClient.failure(Failure.text(e)));
        }
        err.println(Failure.text(e));
        if (e instanceof ControlClient.NotRunning) {
            err.println("next: sallyport run " + (option.namesConfiguration() ? option.argument() : "--config FILE"));
        }
        return ExitCode.ERROR;
    }
}
