package sallyport.supervisor.config;

import com.typesafe.config.ConfigException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.host.ProcessSpec;

/// Reads what is of the whole process: `process { ... }`, `dos { ... }`, and whom it asks for names.
final class ProcessReader {
    private static final long MEMORY_BYTES_MIN = 16L << 20;

    private ProcessReader() {}

    /// @param testing whether the relays join a testing network
    static ProcessSpec read(Section file, boolean testing) {
        OwnParametersReader own = new OwnParametersReader();
        Value dos = file.optional("dos");
        own.dos(dos == null ? null : dos.section("dos { circuits { limit = true } }"));
        Value value = file.optional("process");
        Section section = value == null ? null : value.section("process { memory-in-queues-max = 512 MiB }");
        Long bytes = null;
        if (section != null) {
            Value memory = section.optional("memory-in-queues-max");
            bytes = memory == null ? null : size(memory);
            own.process(section);
            section.finish();
        }
        return new ProcessSpec(bytes == null ? 0 : bytes, ResolverReader.read(file, testing), own.read());
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
