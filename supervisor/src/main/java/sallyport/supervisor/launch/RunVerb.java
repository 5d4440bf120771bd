package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.engine.world.Log;
import sallyport.supervisor.apply.AppliedStates;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.ConfigValues;
import sallyport.supervisor.config.FleetSpec;

/// `sallyport run`: the relays of one configuration, until a signal ends them.
@Command(
        name = "run",
        description = {
            "Runs the relays of a configuration until SIGTERM or SIGINT.",
            "SIGHUP reads the configuration and the keys again.",
            "A file with pools runs as it was last applied.",
            "SIGUSR1 logs how much each relay holds and what its peers did wrong."
        },
        footer = {
            "",
            "Exit codes: 0 asked to stop, 1 an error.",
            "Example: sallyport run --config fleet.conf --log-format json"
        },
        mixinStandardHelpOptions = true)
final class RunVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "What the log on stderr holds: error, warn, info (default) or debug.")
    private Log.Level logLevel = Log.Level.INFO;

    /// What `--log-format` names.
    enum LogFormat {
        TEXT,
        JSON
    }

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How a line of the log looks: text (default) or json.")
    private LogFormat logFormat = LogFormat.TEXT;

    @Override
    public Integer call() throws InterruptedException {
        // First of all: until then SIGHUP would end the process.
        Signals signals = new Signals();
        signals.install();
        PrintWriter err = spec.commandLine().getErr();
        FleetSource source;
        FleetSpec fleet;
        try {
            source = source();
            fleet = source.read();
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return ExitCode.ERROR;
        } catch (IOException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        }
        try (StderrLog log = StderrLog.ofProcess(format(), logLevel)) {
            LibraryLog.install(log);
            // An exception's text may hold what no log may hold; its class and place never do.
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
                    log.error("", "thread " + thread.getName() + " ended with " + Failure.classAndPlace(failure)));
            return runLocked(source, fleet, signals, log);
        }
    }

    /// A file with pools runs as it was last applied, whatever is wrong with it by now.
    private FleetSource source() throws BadConfiguration {
        ConfigValues values = new ConfigReader().values(config.file());
        Optional<Path> directory = values.hasPools() ? values.dataDirectory() : Optional.empty();
        return directory.isPresent()
                ? new AppliedSource(config.file(), new AppliedStates(directory.get()))
                : new FileSource(config.file());
    }

    private StderrLog.Format format() {
        return switch (logFormat) {
            case TEXT -> StderrLog.Format.detect(System.getenv());
            case JSON -> StderrLog.Format.JSON;
        };
    }

    private int runLocked(FleetSource source, FleetSpec fleet, Signals signals, StderrLog log)
            throws InterruptedException {
        try (DataDirectoryLock _ = DataDirectoryLock.take(fleet.dataDirectory())) {
            return new RunningFleet(source, fleet, signals, log).run();
        } catch (IOException e) {
            log.error("", Failure.text(e));
            return ExitCode.ERROR;
        } catch (RuntimeException | Error e) {
            log.error("", "a fault of ours ended the process: " + Failure.classAndPlace(e));
            throw e;
        }
    }
}
