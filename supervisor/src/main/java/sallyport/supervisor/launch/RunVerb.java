package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.engine.world.Log;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;

/// `sallyport run`: the relays of one configuration, until a signal ends them.
@Command(
        name = "run",
        description = {
            "Runs the relays of a configuration until SIGTERM or SIGINT.",
            "SIGHUP reads the configuration and the keys again.",
            "SIGUSR1 logs how much each relay holds and what its peers did wrong."
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

    @Override
    public Integer call() throws InterruptedException {
        // First of all: until then SIGHUP would end the process.
        Signals signals = new Signals();
        signals.install();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetReading> reading = config.read(err, true);
        if (reading.isEmpty()) {
            return ExitCode.ERROR;
        }
        if (reading.get().fleet().isPresent()) {
            err.println(config.file() + " has pools, and no state of it was applied that could run");
            return ExitCode.ERROR;
        }
        try (StderrLog log = StderrLog.ofProcess(logLevel)) {
            LibraryLog.install(log);
            // An exception's text may hold what no log may hold; its class and place never do.
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
                    log.error("", "thread " + thread.getName() + " ended with " + Failure.classAndPlace(failure)));
            return runLocked(reading.get().spec(), signals, log);
        }
    }

    private int runLocked(FleetSpec fleet, Signals signals, StderrLog log) throws InterruptedException {
        try (DataDirectoryLock _ = DataDirectoryLock.take(fleet.dataDirectory())) {
            return new RunningFleet(config.file(), fleet, signals, log).run();
        } catch (IOException e) {
            log.error("", Failure.text(e));
            return ExitCode.ERROR;
        } catch (RuntimeException | Error e) {
            log.error("", "a fault of ours ended the process: " + Failure.classAndPlace(e));
            throw e;
        }
    }
}
