package sallyport.engine.host;

/// One event loop at one moment.
///
/// @param lagNanos how long a task waited until the loop ran it; as long as was waited for it where it did not answer
/// @param pendingTasks that waited after it
/// @param cellsHeld cells in the queues of its relays
public record LoopReport(long lagNanos, int pendingTasks, long cellsHeld) {}
