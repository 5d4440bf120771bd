package sallyport.benchmarks;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one idle fleet came to.
///
/// @param applied null for C tor, which has no such step
/// @param published from the start until each relay says that it is reachable and published; null for C tor's, which
///     take the one for granted and do not say the other
/// @param listed from the start until a majority of authorities lists each as an exit
/// @param files open files of all its processes, after the look
/// @param cpu what all its processes used until then, user and system
record FleetFigures(
        String who,
        int relays,
        @Nullable Duration applied,
        @Nullable Duration published,
        Duration listed,
        List<ProcessMemory> looks,
        long files,
        Duration cpu) {
    static final String TITLE =
            "fleet: apply, from start to all published, to all listed with Exit; memory; files; CPU";

    /// What a further relay adds, by the first and the last fleet.
    static String perRelay(FleetFigures large, FleetFigures small) {
        int relays = large.relays - small.relays;
        return String.format(
                "a further relay of ours: %,d kB of PSS, %.1f files",
                (ProcessMemory.median(large.looks).pss()
                                - ProcessMemory.median(small.looks).pss())
                        / relays,
                (large.files - small.files) / (double) relays);
    }

    @Override
    public String toString() {
        return String.format(
                "%s: %s, %s, %s; %s; %,d; %d s",
                who,
                seconds(applied),
                seconds(published),
                seconds(listed),
                ProcessMemory.summary(looks),
                files,
                cpu.toSeconds());
    }

    private static String seconds(@Nullable Duration time) {
        return time == null ? "-" : time.toSeconds() + " s";
    }
}
