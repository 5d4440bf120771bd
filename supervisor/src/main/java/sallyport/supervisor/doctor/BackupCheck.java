package sallyport.supervisor.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sallyport.supervisor.config.FleetSpec;

/// Whether there is a backup of the identities. We make none, so whoever does leaves a mark: the file
/// `last-backup` in the data directory, by the time it was touched.
final class BackupCheck implements Check {
    static final String MARK = "last-backup";
    // Ours: long enough not to be a nuisance; a backup that nobody looked at for so long may be none.
    private static final Duration AGE_MAX = Duration.ofDays(180);
    private static final String WHY = "an identity that is lost begins anew, and takes weeks to be trusted again";

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        Path data = fleet.dataDirectory();
        Optional<Instant> newest = machine.newestIdentity(data);
        if (newest.isEmpty()) {
            return List.of();
        }
        Optional<Instant> backup = machine.changed(data.resolve(MARK));
        String copy = "copy " + data.resolve("relays") + " and " + data.resolve("family-keys")
                + " to a safe place, then: touch " + data.resolve(MARK);
        if (backup.isEmpty()) {
            return finding(Severity.WARNING, "nothing says that the keys were ever backed up", copy);
        }
        if (backup.get().isBefore(newest.get())) {
            return finding(
                    Severity.WARNING,
                    "keys were made at " + newest.get() + ", after the last backup of " + backup.get(),
                    copy);
        }
        if (backup.get().isBefore(machine.now().minus(AGE_MAX))) {
            return finding(
                    Severity.NOTE,
                    "the last backup is of " + backup.get(),
                    "see that it can be read, then: touch " + data.resolve(MARK));
        }
        return List.of();
    }

    private static List<Finding> finding(Severity severity, String what, String next) {
        return List.of(new Finding("D154", severity, what, WHY, next));
    }
}
