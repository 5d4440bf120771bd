package sallyport.supervisor.budget;

/// What a fleet of so many relays needs of its machine.
///
/// @param relays in the process
public record Needs(int relays) {
    // Measured by operators: a busy relay has 6,000 to 6,500 links to other relays; a fast exit as many connections to
    // servers again, and much more in bursts.
    private static final long LINKS = 6_500;
    private static final long EXIT_CONNECTIONS = 6_500;
    // Listeners, files, DNS, and what is closing.
    private static final long FDS_RESERVED = 1_000;
    // docs/memory.md: a process with the whole directory, and one more idle relay; then what cells and streams wait in.
    private static final long PROCESS_BYTES = 320L << 20;
    private static final long RELAY_BYTES = 4L << 20;

    /// Open FDs.
    public long fds() {
        return relays * (LINKS + EXIT_CONNECTIONS) + FDS_RESERVED;
    }

    /// Entries of the kernel's table of connections.
    public long connections() {
        return relays * (LINKS + EXIT_CONNECTIONS);
    }

    /// Memory besides what waits in queues.
    public long idleBytes() {
        return PROCESS_BYTES + relays * RELAY_BYTES;
    }
}
