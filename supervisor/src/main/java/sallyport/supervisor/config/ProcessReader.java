package sallyport.supervisor.config;

import java.time.Duration;
import java.util.Optional;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.limits.Sharing;

/// Reads what is of the whole process: `process { ... }`, `dos { ... }`, and whom it asks for names.
final class ProcessReader {
    private static final long MEMORY_BYTES_MIN = 16L << 20;
    // Ours: the newest consensuses of the public network in every encoding, and the diffs from those of some hours.
    private static final long CACHE_BYTES_MIN = 64L << 20;
    // As many relays as a group may have.
    private static final int STARTS_AT_ONCE_MAX = 1_000;
    // Ours: who stops a relay does not mean next week.
    private static final Duration SHUTDOWN_WAIT_MAX = Duration.ofDays(1);

    // C tor's least.
    private static final Duration HEARTBEAT_MIN = Duration.ofMinutes(30);
    private static final Duration HEARTBEAT_MAX = Duration.ofDays(30);

    private ProcessReader() {}

    record Reading(ProcessSpec process, RunSpec run) {}

    /// @param testing whether the relays join a testing network
    static Reading read(Section file, boolean testing) {
        OwnParametersReader own = new OwnParametersReader();
        Value dos = file.optional("dos");
        own.dos(dos == null ? null : dos.section("dos { circuits { limit = true } }"));
        Value value = file.optional("process");
        Section section = value == null ? null : value.section("process { memory-in-queues-max = 512 MiB }");
        Long bytes = null;
        RunSpec run = RunSpec.DEFAULT;
        HouseRules rules = HouseRules.DEFAULT;
        Integer starts = null;
        Long cache = null;
        if (section != null) {
            Value memory = section.optional("memory-in-queues-max");
            bytes = memory == null ? null : memory.size(MEMORY_BYTES_MIN, "16 MiB", "less than relays can work with");
            Value directoryCache = section.optional("directory-cache-max");
            cache = directoryCache == null
                    ? null
                    : directoryCache.size(CACHE_BYTES_MIN, "64 MiB", "less than consensuses and their diffs need");
            run = run(section);
            rules = HouseRulesReader.read(section);
            Value atOnce = section.optional("starts-at-once");
            starts = atOnce == null ? null : atOnce.wholeNumber(1, STARTS_AT_ONCE_MAX);
            own.process(section);
        }
        Sharing sharing = SharingReader.read(section);
        if (section != null) {
            section.finish();
        }
        return new Reading(
                new ProcessSpec(
                        bytes == null ? 0 : bytes,
                        cache == null ? ProcessSpec.DEFAULT.directoryCacheMaxBytes() : cache,
                        ResolverReader.read(file, testing),
                        own.read(),
                        rules,
                        sharing,
                        starts == null ? ProcessSpec.STARTS_AT_ONCE : starts),
                run);
    }

    private static RunSpec run(Section section) {
        Value wait = section.optional("shutdown-wait");
        Duration shutdown = wait == null ? null : wait.duration(Duration.ZERO, SHUTDOWN_WAIT_MAX);
        Value period = section.optional("heartbeat-period");
        Duration heartbeat;
        if (period == null) {
            heartbeat = RunSpec.DEFAULT.heartbeatPeriod();
        } else if (period.shown().equals("\"none\"")) {
            heartbeat = Duration.ZERO;
        } else {
            heartbeat = period.duration(HEARTBEAT_MIN, HEARTBEAT_MAX);
        }
        return new RunSpec(
                shutdown == null ? RunSpec.DEFAULT.shutdownWait() : shutdown,
                heartbeat == null ? RunSpec.DEFAULT.heartbeatPeriod() : heartbeat,
                Optional.ofNullable(MetricsReader.read(section)),
                RunSpec.DEFAULT.apply());
    }
}
