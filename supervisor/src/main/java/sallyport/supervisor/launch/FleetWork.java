package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.apply.AppliedState;
import sallyport.supervisor.apply.AppliedStates;
import sallyport.supervisor.apply.Applier;
import sallyport.supervisor.assignment.LockReader;
import sallyport.supervisor.assignment.RelayPlace;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.ConfigValues;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.HostChoice;
import sallyport.supervisor.config.Problem;
import sallyport.supervisor.doctor.ListedRelays;
import sallyport.supervisor.plan.BudgetCheck;
import sallyport.supervisor.plan.Plan;
import sallyport.supervisor.plan.PlanFacts;
import sallyport.supervisor.plan.Planner;

/// What the verbs of a file with pools have in common: its states, the plan, whoever runs them.
final class FleetWork {
    private final ConfigOption config;
    private final PrintWriter err;
    private final Path dataDirectory;
    private final AppliedStates states;
    private final ConfigValues values;

    private FleetWork(ConfigOption config, PrintWriter err, Path dataDirectory, ConfigValues values) {
        this.config = config;
        this.err = err;
        this.dataDirectory = dataDirectory;
        this.values = values;
        this.states = new AppliedStates(dataDirectory);
    }

    /// Nothing, after it was said why, for a file that cannot be read or has no pools.
    static Optional<FleetWork> of(ConfigOption config, PrintWriter err) {
        try {
            ConfigValues values = new ConfigReader().values(config.file());
            Optional<Path> directory = values.dataDirectory();
            if (!values.hasPools()) {
                err.println(config.file() + " has no pools: `sallyport run` runs it as it stands");
                return Optional.empty();
            }
            if (directory.isEmpty()) {
                config.read(err, false);
            }
            return directory.map(path -> new FleetWork(config, err, path, values));
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return Optional.empty();
        }
    }

    AppliedStates states() {
        return states;
    }

    Path file() {
        return config.file().toAbsolutePath().normalize();
    }

    /// From what is applied to what the file says; nothing, after all problems were said.
    Optional<Plan> plan() throws IOException {
        Optional<AppliedState> state = states.latest();
        String host = config.host().isEmpty() ? state.map(AppliedState::host).orElse("") : config.host();
        Path lock = Path.of(file() + ".lock");
        if (state.isPresent() && !host.equals(state.get().host())) {
            err.println(dataDirectory + " is host " + state.get().host() + "'s, whose relays' keys lie there; plan and"
                    + " apply for host " + host + " on that host");
            return Optional.empty();
        }
        if (state.isPresent() && !Files.exists(lock)) {
            err.println(lock + " is missing, and without it relays would move; bring it back from version control, or"
                    + " copy " + states.configuration(state.get().number()) + ".lock there");
            return Optional.empty();
        }
        try {
            FleetReading wanted = config.reader().read(config.file(), HostChoice.ofThisMachine(host, true));
            Optional<Problem> tooMuch = BudgetCheck.of(wanted.spec(), values, Limits.machineMemory());
            if (tooMuch.isPresent()) {
                throw new BadConfiguration(List.of(tooMuch.get()));
            }
            return Optional.of(plan(state, wanted));
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return Optional.empty();
        }
    }

    /// From what is applied to an earlier state.
    ///
    /// @throws IOException also when there is no such state
    Plan planBackTo(int number) throws IOException, BadConfiguration {
        AppliedState earlier = states.read(number);
        Plan plan = plan(states.latest(), AppliedSource.read(states, earlier, config.reader()));
        String lockNow = Files.exists(Path.of(file() + ".lock")) ? Files.readString(Path.of(file() + ".lock")) : "";
        return new Plan(
                plan.file(),
                plan.host(),
                plan.base(),
                Planner.placesOf(LockReader.read(lockNow).lock()),
                plan.text(),
                plan.lock(),
                plan.steps(),
                plan.notes(),
                plan.warnings());
    }

    private Plan plan(Optional<AppliedState> state, FleetReading wanted) throws BadConfiguration, IOException {
        Optional<FleetReading> applied = state.isEmpty()
                ? Optional.empty()
                : Optional.of(AppliedSource.read(states, state.get(), config.reader()));
        Set<String> known = new HashSet<>();
        for (InstanceSpec relay : wanted.spec().relays()) {
            if (Files.exists(dataDirectory.resolve("relays/" + relay.id() + "/keys"))) {
                known.add(relay.id());
            }
        }
        return Planner.plan(
                file().toString(), state.map(AppliedState::number).orElse(0), applied, wanted, facts(wanted, known));
    }

    private PlanFacts facts(FleetReading wanted, Set<String> known) throws IOException {
        OptionalLong pid = running();
        Map<String, Set<String>> listed = ListedRelays.in(dataDirectory).flags();
        Map<String, Set<String>> flags = new TreeMap<>();
        for (RelayPlace place : wanted.fleet().orElseThrow().before().places()) {
            Set<String> mine = listed.get(place.fingerprint());
            if (mine != null) {
                flags.put(place.id(), mine);
            }
        }
        return new PlanFacts(
                known,
                FleetIdentities.withoutFamilyKey(wanted.spec(), config.progress()),
                flags,
                pid.isEmpty() ? OptionalInt.empty() : OptionalInt.of(states.running()),
                Limits.here(pid.orElse(ProcessHandle.current().pid())));
    }

    /// Makes the plan the state that runs, and has the running process take it over. Returns the exit code.
    ///
    /// @param takesBack whether the state that ran is applied again when the process stops on the way
    int apply(Plan plan, String why, HandOverOption options, boolean takesBack, ApplyReport report)
            throws InterruptedException {
        try {
            AppliedState state = new Applier(states, this::fingerprints).apply(plan, operator(), why, Instant.now());
            report.step(
                    "applied",
                    "state " + state.number() + " is applied; commit " + plan.file() + " and " + plan.file() + ".lock");
            return handOver(state.number(), options, takesBack, report);
        } catch (Applier.Refused e) {
            err.println("refused: " + e.getMessage());
            return ExitCode.REFUSED;
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return ExitCode.ERROR;
        } catch (IOException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }

    /// Has the running process take over a state; without one says how to start it. Returns the exit code.
    int handOver(int state, HandOverOption options, boolean takesBack, ApplyReport report)
            throws IOException, InterruptedException, BadConfiguration {
        int before = states.running();
        HandOver handOver = new HandOver(config.file(), dataDirectory, options.wishes(), report);
        return switch (handOver.of(state)) {
            case DONE -> ExitCode.OK;
            case UNKNOWN -> ExitCode.PARTIAL;
            case HALTED -> halted(before, state, options, takesBack, report);
        };
    }

    private int halted(int before, int state, HandOverOption options, boolean takesBack, ApplyReport report)
            throws IOException, InterruptedException, BadConfiguration {
        boolean hasWayBack = before > 0 && before < state;
        if (!takesBack || !hasWayBack) {
            report.problem("next: mend it and apply again, which goes on from here"
                    + (hasWayBack ? "; or: sallyport rollback " + before + " --config " + config.file() : ""));
            return ExitCode.PARTIAL;
        }
        report.step("rollback", "going back to state " + before);
        int back = apply(planBackTo(before), "state " + state + " was not healthy", options, false, report);
        return back == ExitCode.OK ? ExitCode.ERROR : back;
    }

    /// The process that runs the relays of the data directory; empty when none does.
    OptionalLong running() {
        return DataDirectoryLock.holderOf(dataDirectory);
    }

    private Map<String, String> fingerprints(FleetSpec host) {
        Map<String, String> known = new TreeMap<>();
        FleetIdentities.read(host, err, config.progress())
                .relays()
                .forEach(relay -> known.put(relay.id(), relay.fingerprint()));
        return known;
    }

    /// Who applies; behind sudo both names count.
    private static String operator() {
        String user = System.getProperty("user.name", "unknown");
        String behind = System.getenv("SUDO_USER");
        return behind == null || behind.isEmpty() ? user : behind + " as " + user;
    }
}
