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
    // A full table drops whatever is new.
    private static final double TABLE_PART = 0.8;
    // Reported by a large farm of exits in 2023: 13 to 25 on average.
    private static final long DNS_QUESTIONS_PER_SECOND = 25;
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

    /// How many entries that table should have room for.
    public long connectionTable() {
        return (long) Math.ceil(connections() / TABLE_PART);
    }

    /// Local ports of an address that so many exits connect to servers from.
    public static long ports(int exits) {
        return exits * EXIT_CONNECTIONS;
    }

    /// Questions a second that so many exits ask on average; bursts are much more.
    public static long dnsQuestions(int exits) {
        return exits * DNS_QUESTIONS_PER_SECOND;
    }

    /// Memory besides what waits in queues.
    public long idleBytes() {
        return PROCESS_BYTES + relays * RELAY_BYTES;
    }
}
