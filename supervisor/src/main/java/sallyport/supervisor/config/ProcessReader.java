package sallyport.supervisor.config;

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
            bytes = memory == null ? null : memory.size(MEMORY_BYTES_MIN, "16 MiB", "less than relays can work with");
            own.process(section);
            section.finish();
        }
        return new ProcessSpec(bytes == null ? 0 : bytes, ResolverReader.read(file, testing), own.read());
    }
}
