package sallyport.lab.client;

/// Sums of one client since its start.
///
/// @param circuitsBuilt circuits of which every hop answered
/// @param circuitsFailed circuits that ended before
/// @param streamsConnected streams whose server accepted
public record ClientCounts(long circuitsBuilt, long circuitsFailed, long streamsConnected) {}
