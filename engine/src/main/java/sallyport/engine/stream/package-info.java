/// The streams of one circuit: opening them, moving their bytes both ways under their windows, ending
/// them with the right reason, and answering name lookups. Called by `circuit` with decrypted relay
/// messages; asks `dns` and `exit`, answers through `flow.StreamCarrier`. Obeys tor-spec "Application
/// connections and stream management" and "Stream-level flow control".
@NullMarked
package sallyport.engine.stream;

import org.jspecify.annotations.NullMarked;
