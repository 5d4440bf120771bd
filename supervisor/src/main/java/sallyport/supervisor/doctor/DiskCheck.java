package sallyport.supervisor.doctor;

import java.util.List;
import java.util.Locale;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.config.FleetSpec;

/// Whether there is room for what the process may still write.
final class DiskCheck implements Check {
    // Ours: the documents of the public network twice, as they lie there while newer ones come, and what relays and
    // applied states grow by.
    private static final long RESERVE_BYTES = 256L << 20;
    private static final double MEBIBYTE = 1 << 20;

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        return machine.disk(fleet.dataDirectory())
                .map(disk -> look(fleet, disk))
                .orElse(List.of());
    }

    private static List<Finding> look(FleetSpec fleet, DiskUse disk) {
        long cache =
                fleet.process().directoryCacheMaxBytes() - disk.bytes().getOrDefault(DiskUse.Part.DIRECTORY_CACHE, 0L);
        long wanted = RESERVE_BYTES + Math.max(0, cache);
        if (disk.freeBytes() >= wanted) {
            return List.of();
        }
        return List.of(new Finding(
                "D135",
                Severity.WARNING,
                String.format(
                        Locale.ROOT,
                        "%s has %.0f MiB left; documents for clients and of the network may take %.0f more",
                        fleet.dataDirectory(),
                        disk.freeBytes() / MEBIBYTE,
                        wanted / MEBIBYTE),
                "relays go on without a disk, but fetch everything anew after a restart, and keys that are renewed are"
                        + " lost with it",
                "make room, or set a smaller process.directory-cache-max"));
    }
}
