package sallyport.supervisor.launch;

import java.io.IOException;
import java.nio.file.Path;
import sallyport.engine.world.Log;
import sallyport.supervisor.apply.AppliedState;
import sallyport.supervisor.apply.AppliedStates;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.HostChoice;
import sallyport.supervisor.config.PooledFleet;
import sallyport.supervisor.plan.Planner;

/// The last applied state of a file with pools; what the file says by now is for `plan` and `apply`.
final class AppliedSource implements FleetSource {
    private final Path file;
    private final AppliedStates states;
    private int last;

    AppliedSource(Path file, AppliedStates states) {
        this.file = file;
        this.states = states;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String name() {
        return "state " + last + " of " + file;
    }

    /// @throws IOException also when nothing was applied yet
    @Override
    public FleetSpec read() throws BadConfiguration, IOException {
        AppliedState state = states.latest()
                .orElseThrow(
                        () -> new IOException("nothing of " + file + " was applied on this host yet; see `sallyport"
                                + " plan --config " + file + "`, then `sallyport apply --config " + file + "`"));
        last = state.number();
        return read(states, state).spec();
    }

    static FleetReading read(AppliedStates states, AppliedState state) throws BadConfiguration {
        return read(states, state, new ConfigReader());
    }

    static FleetReading read(AppliedStates states, AppliedState state, ConfigReader reader) throws BadConfiguration {
        return reader.read(states.configuration(state.number()), new HostChoice(state.host(), "", true));
    }

    @Override
    public int number() {
        return last;
    }

    @Override
    public void taken(Log log) {
        try {
            states.noteRunning(last);
            AppliedState state = states.read(last);
            PooledFleet now = new ConfigReader()
                    .read(file, new HostChoice(state.host(), "", true))
                    .fleet()
                    .orElse(null);
            PooledFleet then = read(states, state).fleet().orElseThrow();
            if (now == null
                    || !now.text().equals(then.text())
                    || !Planner.placesOf(now.lock()).equals(Planner.placesOf(then.lock()))) {
                log.warn(
                        "",
                        file + " has moved on since state " + last + " was applied, which runs; `sallyport plan"
                                + " --config " + file + "` shows how");
            }
        } catch (BadConfiguration e) {
            log.warn(
                    "",
                    file + " has problems by now, and state " + last + " runs on; `sallyport config check"
                            + " --config " + file + "` shows them");
        } catch (IOException e) {
            log.warn("", "what was applied cannot be looked at: " + Failure.text(e));
        }
    }
}
