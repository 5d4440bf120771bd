package sallyport.supervisor.apply;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.LockReader;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.HostChoice;
import sallyport.supervisor.config.PooledFleet;
import sallyport.supervisor.plan.Plan;
import sallyport.supervisor.plan.Planner;

/// Makes a plan the state that runs. The order is what makes it safe to end at any moment:
///
/// 1. The state is laid down and synced where nobody takes it for one, and read back once more. 2. The
/// relays' keys are made; those that are there stay. 3. The lock file beside the configuration is
/// replaced. From here on the places are decided: whoever applies again, with    the same configuration,
/// comes to the same places. 4. One rename makes it the latest state.
///
/// What ended before 4 has changed nothing that runs.
public final class Applier {
    /// The keys of relays, as far as applying is concerned.
    @FunctionalInterface
    public interface Identities {
        /// The fingerprints of a host's relays by id, whose keys are made where they are missing, to last
        /// as long as it says; without those whose keys cannot be used, which was said.
        Map<String, String> of(FleetSpec host) throws IOException;
    }

    /// The plan does not fit what is there now.
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private static final String APPLYING = "applying.lock";

    private final AppliedStates states;
    private final Identities identities;

    public Applier(AppliedStates states, Identities identities) {
        this.states = states;
        this.identities = identities;
    }

    /// Returns the new state.
    ///
    /// @param who the operator, by the name that the system gives
    /// @param why in the operator's words; may be empty
    /// @throws Refused when it was made from another state, or somebody else is applying
    /// @throws BadConfiguration when what the plan holds cannot be read
    public AppliedState apply(Plan plan, String who, String why, Instant now)
            throws IOException, Refused, BadConfiguration {
        states.make();
        try (FileChannel channel = FileChannel.open(
                        states.directory().resolve(APPLYING), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = alone(channel)) {
            if (alone == null) {
                throw new Refused("somebody else is applying at the moment; wait for that to end");
            }
            return applyAlone(plan, who, why, now);
        }
    }

    private AppliedState applyAlone(Plan plan, String who, String why, Instant now)
            throws IOException, Refused, BadConfiguration {
        Path lockFile = Path.of(plan.file() + ".lock");
        List<Integer> numbers = states.numbers();
        int latest = numbers.isEmpty() ? 0 : numbers.getLast();
        if (latest != plan.base()) {
            throw new Refused("the plan was made from state " + plan.base() + ", and state " + latest
                    + " is applied; make a new plan");
        }
        Lock there = lock(lockFile);
        Lock wanted = LockReader.read(plan.lock()).lock();
        String places = Planner.placesOf(there);
        // After an apply that was cut short the lock file may have the plan's places already.
        if (!places.equals(plan.lockBefore()) && !places.equals(Planner.placesOf(wanted))) {
            throw new Refused(lockFile + " has changed since the plan was made; make a new plan");
        }
        Lock lock = wanted.withFingerprintsOf(there);
        AppliedState state =
                new AppliedState(latest + 1, now, who, why, plan.host(), plan.file(), plan.text(), lock.text());
        Path prepared = states.prepare(state);
        PooledFleet fleet = new ConfigReader()
                .read(prepared, new HostChoice(plan.host(), "", true))
                .fleet()
                .orElseThrow();
        if (!Planner.placesOf(fleet.lock()).equals(Planner.placesOf(wanted))) {
            throw new Refused("the plan's lock does not go with its configuration; make a new plan");
        }
        Lock known = withFingerprints(lock, Objects.requireNonNull(fleet.specs().get(plan.host())));
        if (!known.equals(lock)) {
            state = new AppliedState(
                    state.number(), now, who, why, plan.host(), plan.file(), plan.text(), known.text());
            states.prepare(state);
        }
        states.files().replace(lockFile, known.text());
        states.commit(state.number());
        prune();
        return state;
    }

    /// What cannot be forgotten now is at the next apply; the state itself is there.
    private void prune() {
        try {
            states.prune();
        } catch (IOException e) {
            return;
        }
    }

    private Lock withFingerprints(Lock lock, FleetSpec host) throws IOException {
        Map<String, String> fingerprints = identities.of(host);
        return lock.with(lock.places().stream()
                .map(place -> place.withFingerprint(fingerprints.getOrDefault(place.id(), place.fingerprint())))
                .toList());
    }

    private static Lock lock(Path file) throws IOException, Refused {
        if (!Files.exists(file)) {
            return Lock.EMPTY;
        }
        LockReader.Reading reading = LockReader.read(Files.readString(file));
        if (!reading.faults().isEmpty()) {
            throw new Refused(file + " cannot be read; `sallyport plan` says why");
        }
        return reading.lock();
    }

    private static @Nullable FileLock alone(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
