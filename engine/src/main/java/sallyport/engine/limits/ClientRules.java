package sallyport.engine.limits;

/// What one client address may do to one relay (dos-spec), as the consensus has it; nothing is limited unless it says
/// so. The defence of type 1 detects without refusing anything.
///
/// @param circuits of CREATE cells
/// @param connections of connections, and of how fast they come
/// @param connectionsMax how many an address may have at once
/// @param circuitConnectionsMin fewer connections than these are never too many circuits
/// @param overflowsMax circuits ended by a full queue toward their next hop, after which the address is marked; 0: any
public record ClientRules(
        Rate circuits, int circuitConnectionsMin, Rate connections, int connectionsMax, int overflowsMax) {
    private static final int DEFENCE_REFUSE = 2;

    /// How often a thing may happen, and what follows.
    ///
    /// @param perSecond in the long run
    /// @param burst at once
    /// @param refuses whether what is too much is refused
    /// @param periodSeconds how long an address stays marked, at least
    public record Rate(boolean enabled, int perSecond, int burst, boolean refuses, int periodSeconds) {}

    /// Where the numbers stand, such as a consensus.
    @FunctionalInterface
    public interface Voted {
        int get(String name, int min, int max, int dflt);
    }

    public static ClientRules of(Voted voted) {
        return new ClientRules(
                new Rate(
                        voted.get("DoSCircuitCreationEnabled", 0, 1, 0) == 1,
                        voted.get("DoSCircuitCreationRate", 1, Integer.MAX_VALUE, 3),
                        voted.get("DoSCircuitCreationBurst", 1, Integer.MAX_VALUE, 90),
                        voted.get("DoSCircuitCreationDefenseType", 1, 2, DEFENCE_REFUSE) == DEFENCE_REFUSE,
                        voted.get("DoSCircuitCreationDefenseTimePeriod", 0, Integer.MAX_VALUE, 3_600)),
                voted.get("DoSCircuitCreationMinConnections", 1, Integer.MAX_VALUE, 3),
                new Rate(
                        voted.get("DoSConnectionEnabled", 0, 1, 0) == 1,
                        voted.get("DoSConnectionConnectRate", 1, Integer.MAX_VALUE, 20),
                        voted.get("DoSConnectionConnectBurst", 1, Integer.MAX_VALUE, 40),
                        voted.get("DoSConnectionDefenseType", 1, 2, DEFENCE_REFUSE) == DEFENCE_REFUSE,
                        voted.get("DoSConnectionConnectDefenseTimePeriod", 10, Integer.MAX_VALUE, 86_400)),
                voted.get("DoSConnectionMaxConcurrentCount", 1, Integer.MAX_VALUE, 100),
                voted.get("dos_num_circ_max_outq", 0, Integer.MAX_VALUE, 3));
    }
}
