/// Circuit handshakes: ntor and ntor-v3 for circuits of several hops, CREATE_FAST for one-hop directory circuits.
/// Called by `circuit` (relay side) and `origin` (client side, ntor). ntor and ntor-v3 are computed by workers, to whom
/// [OnionSkins] brings them, never on a loop; CREATE_FAST is two digests and is answered at once.
/// Obeys tor-spec "CREATE and CREATED cells", "The ntor handshake", "CREATE_FAST/CREATED_FAST cells" and proposals
/// 332 (ntor-v3), 324 and 346 (what is negotiated inside it).
@NullMarked
package sallyport.engine.onionskin;

import org.jspecify.annotations.NullMarked;
