/// How much a circuit may send: SENDMEs in both directions under fixed windows or congestion control, XON
/// and XOFF of its streams, and the door through which streams speak toward the client. Called by
/// `circuit`, which implements [StreamCarrier], and by `stream`, which uses it; on the circuit's loop.
/// Obeys tor-spec "Flow control", proposal 289 (authenticated SENDMEs) and proposal 324 (congestion
/// control).
@NullMarked
package sallyport.engine.flow;

import org.jspecify.annotations.NullMarked;
