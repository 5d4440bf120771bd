/// How much a circuit may send: fixed windows with authenticated SENDMEs in both directions, and the door through
/// which streams speak toward the client.
/// Called by `circuit`, which implements [TowardClient], and by `stream`, which uses it; on the circuit's loop.
/// Obeys tor-spec "Flow control" and proposal 289 (authenticated SENDMEs).
@NullMarked
package sallyport.engine.flow;

import org.jspecify.annotations.NullMarked;
