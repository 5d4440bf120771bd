package sallyport.supervisor.config;

import com.typesafe.config.ConfigException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.host.ProcessSpec;

/// Reads `process { ... }`.
final class ProcessReader {
    private static final long MEMORY_BYTES_MIN = 16L << 20;

    private ProcessReader() {}

    static ProcessSpec read(Section file) {
        Value value = file.optional("process");
        Section section = value == null ? null : value.section("process { memory-in-queues-max = 512 MiB }");
        if (section == null) {
            return ProcessSpec.DEFAULT;
        }
        Value memory = section.optional("memory-in-queues-max");
        section.finish();
        Long bytes = memory == null ? null : size(memory);
        return bytes == null ? ProcessSpec.DEFAULT : new ProcessSpec(bytes);
    }

    /// With a unit, so that nobody means megabytes and gets bytes.
    private static @Nullable Long size(Value value) {
        long bytes;
        try {
            bytes = value.raw().atKey("v").getBytes("v");
        } catch (ConfigException e) {
            value.problem("is " + value.shown() + ", not a size", "write a number with its unit, as 512 MiB");
            return null;
        }
        if (bytes < MEMORY_BYTES_MIN) {
            value.problem("is " + value.shown() + ", less than relays can work with", "write 16 MiB or more");
            return null;
        }
        return bytes;
    }
}
