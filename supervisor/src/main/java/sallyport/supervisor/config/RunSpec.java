package sallyport.supervisor.config;

import java.time.Duration;
import java.util.Optional;

/// How `sallyport run` itself goes about it.
///
/// @param shutdownWait for how long SIGINT lets go on what is open (C tor's `ShutdownWaitLength`)
/// @param heartbeatPeriod how often it logs what the relays hold (C tor's `HeartbeatPeriod`); zero: never
/// @param metrics where the relays' figures are exposed, if anywhere (C tor's `MetricsPort`)
/// @param apply how it takes over the next applied state
public record RunSpec(Duration shutdownWait, Duration heartbeatPeriod, Optional<MetricsSpec> metrics, ApplySpec apply) {
    /// The same with the metrics of another one, which no running process changes.
    public RunSpec withMetricsOf(RunSpec other) {
        return new RunSpec(shutdownWait, heartbeatPeriod, other.metrics, apply);
    }

    /// The same, taking over the next state otherwise.
    public RunSpec applying(ApplySpec other) {
        return new RunSpec(shutdownWait, heartbeatPeriod, metrics, other);
    }

    /// C tor's.
    public static final RunSpec DEFAULT =
            new RunSpec(Duration.ofSeconds(30), Duration.ofHours(6), Optional.empty(), ApplySpec.DEFAULT);
}
