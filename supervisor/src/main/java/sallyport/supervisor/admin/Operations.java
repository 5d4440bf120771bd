package sallyport.supervisor.admin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import sallyport.engine.host.HostReport;
import sallyport.engine.host.LoopReport;
import sallyport.engine.host.Refused;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.world.Log;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.fleet.RolloutProgress;

/// What the control socket can ask of the running relays. From any thread; relays are named by their ids,
/// and one that is not there is an [IllegalArgumentException].
public interface Operations {
    /// Of the process as a whole.
    HostReport host();

    /// Of what lies on the disk, within the last minute.
    DiskUse disk();

    /// Of every event loop. Waits for them, for a moment at most.
    List<LoopReport> loops() throws InterruptedException;

    /// Of every relay, in the order of the configuration. Waits for the loops, for a moment at most.
    List<InstanceReport> relays() throws InterruptedException;

    /// Logs lines of that level and above for so long.
    void logFrom(Log.Level level, Duration duration);

    /// The same for lines of one room alone, one of [LogRooms#NAMES].
    void logFrom(String room, Log.Level level, Duration duration);

    /// Has the process take over what was applied last, and returns the number of this attempt.
    long apply(ApplyWish wish);

    /// The newest attempt as it stands; empty before the first.
    Optional<RolloutProgress> applying();

    /// @throws Refused where it runs
    void start(String relay) throws Refused, InterruptedException;

    /// @throws Refused where it does not run
    void stop(String relay) throws Refused, InterruptedException;

    /// Has it take nothing new, and stops it when its circuits have ended, or after `limit`.
    ///
    /// @throws Refused where it does not run
    void drain(String relay, Duration limit) throws Refused, InterruptedException;

    /// The same, and starts it anew; one that does not run is started at once.
    void restart(String relay, Duration limit) throws InterruptedException;
}
