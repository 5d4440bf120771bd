package sallyport.lab.client;

/// Sums of one client since its start.
///
/// @param circuitsBuilt circuits of which every hop answered, and conflux sets
/// @param legsLinked legs that those sets began with
/// @param circuitsFailed circuits that ended before
/// @param streamsConnected streams whose server accepted
public record ClientCounts(long circuitsBuilt, long legsLinked, long circuitsFailed, long streamsConnected) {}
