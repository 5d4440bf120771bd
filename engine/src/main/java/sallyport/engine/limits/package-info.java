/// Refusing: the memory that waits in queues, FDs and circuits of the whole process, divided so that no instance takes
/// what others need; how fast one instance reads and writes.
/// Called by every room that holds what peers make us hold; it answers verdicts and asks for relief, and leaves the
/// closing to its callers. Opened by `host`.
/// Obeys no Tor section; keeps what C tor's `MaxMemInQueues`, `ConnLimit` and `BandwidthRate` promise an operator.
@NullMarked
package sallyport.engine.limits;

import org.jspecify.annotations.NullMarked;
