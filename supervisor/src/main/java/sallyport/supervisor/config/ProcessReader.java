package sallyport.supervisor.config;

import java.time.Duration;
import sallyport.engine.host.ProcessSpec;

/// Reads what is of the whole process: `process { ... }`, `dos { ... }`, and whom it asks for names.
final class ProcessReader {
    private static final long MEMORY_BYTES_MIN = 16L << 20;
    // C tor's ShutdownWaitLength.
    private static final Duration SHUTDOWN_WAIT = Duration.ofSeconds(30);
    // Ours: who stops a relay does not mean next week.
    private static final Duration SHUTDOWN_WAIT_MAX = Duration.ofDays(1);

    private ProcessReader() {}

    /// @param shutdownWait for how long SIGINT lets go on what is open
    record Reading(ProcessSpec process, Duration shutdownWait) {}

    /// @param testing whether the relays join a testing network
    static Reading read(Section file, boolean testing) {
        OwnParametersReader own = new OwnParametersReader();
        Value dos = file.optional("dos");
        own.dos(dos == null ? null : dos.section("dos { circuits { limit = true } }"));
        Value value = file.optional("process");
        Section section = value == null ? null : value.section("process { memory-in-queues-max = 512 MiB }");
        Long bytes = null;
        Duration wait = null;
        if (section != null) {
            Value memory = section.optional("memory-in-queues-max");
            bytes = memory == null ? null : memory.size(MEMORY_BYTES_MIN, "16 MiB", "less than relays can work with");
            Value shutdown = section.optional("shutdown-wait");
            wait = shutdown == null ? null : shutdown.duration(Duration.ZERO, SHUTDOWN_WAIT_MAX);
            own.process(section);
            section.finish();
        }
        return new Reading(
                new ProcessSpec(bytes == null ? 0 : bytes, ResolverReader.read(file, testing), own.read()),
                wait == null ? SHUTDOWN_WAIT : wait);
    }
}
