package sallyport.supervisor.config;

import java.time.Duration;

/// How `sallyport run` itself goes about it.
///
/// @param shutdownWait for how long SIGINT lets go on what is open (C tor's `ShutdownWaitLength`)
/// @param heartbeatPeriod how often it logs what the relays hold (C tor's `HeartbeatPeriod`); zero: never
public record RunSpec(Duration shutdownWait, Duration heartbeatPeriod) {
    /// C tor's.
    public static final RunSpec DEFAULT = new RunSpec(Duration.ofSeconds(30), Duration.ofHours(6));
}
