package sallyport.engine.accounting;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// Exceptions that only a bug of ours explains: counted each time, logged once an hour for each place in the code.
/// What the exception says is left out, for it may hold what a peer sent. Runs on one loop.
public final class OwnBugs {
    private static final long QUIET_NANOS = TimeUnit.HOURS.toNanos(1);
    // Ours: as many lines of code can hardly fail; beyond, the map would be the next bug.
    private static final int PLACES_MAX = 256;

    private final World world;
    private final String relay;
    private final FaultCounters faults;
    private final String countedAs;
    private final String consequence;
    private final Map<String, Long> loggedNanos = new HashMap<>();

    /// @param relay our id, for the log
    /// @param countedAs a constant text
    /// @param consequence a constant text for the log: what became of whatever failed
    public OwnBugs(World world, String relay, FaultCounters faults, String countedAs, String consequence) {
        this.world = world;
        this.relay = relay;
        this.faults = faults;
        this.countedAs = countedAs;
        this.consequence = consequence;
    }

    public void note(Throwable bug) {
        faults.countOwnBug(countedAs);
        long now = world.ticker().nanoTime();
        String place = place(bug);
        @Nullable Long last = loggedNanos.get(place);
        if (last != null ? now - last < QUIET_NANOS : loggedNanos.size() >= PLACES_MAX) {
            return;
        }
        loggedNanos.put(place, now);
        world.log().error(relay, "bug: " + bug.getClass().getName() + " at " + place + "; " + consequence);
    }

    private static String place(Throwable bug) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            if (frame.getClassName().startsWith("sallyport.")) {
                return frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return "unknown place";
    }
}
