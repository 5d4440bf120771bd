package sallyport.engine.limits;

import sallyport.engine.accounting.Overload;

/// What one instance may hold of what the process has. Used on the instance's loop.
///
/// @param fds sockets: accepted links from the moment they are accepted, dialed links, exit connections
/// @param circuits open circuits
/// @param bandwidth how fast it reads and writes
/// @param newcomers who asks it for new circuits
/// @param overload is told whenever one of these does not suffice
public record InstanceLimits(
        MemoryAccount memory,
        CountBudget.Share fds,
        CountBudget.Share circuits,
        RelayBandwidth bandwidth,
        Newcomers newcomers,
        Overload overload) {
    /// The instance has stopped; whatever it still holds is given back as it ends.
    public void retire() {
        memory.retire();
        fds.retire();
        circuits.retire();
        bandwidth.retire();
    }
}
