package sallyport.supervisor.doctor;

import java.util.Comparator;
import java.util.List;
import sallyport.supervisor.config.FleetSpec;

/// Asks all questions.
public final class Doctor {
    private static final List<Check> CHECKS = List.of(
            new AddressCheck(),
            new PolicyCheck(),
            new ClockCheck(),
            new ResolverCheck(),
            new RoomCheck(),
            new DiskCheck(),
            new KernelCheck(),
            new ConductCheck(),
            new BackupCheck());

    private Doctor() {}

    /// The worst first, then by id.
    public static List<Finding> examine(FleetSpec fleet, Machine machine) {
        return CHECKS.stream()
                .flatMap(check -> check.look(fleet, machine).stream())
                .sorted(Comparator.comparing(Finding::severity).thenComparing(Finding::id))
                .toList();
    }
}
