/// Circuit handshakes: ntor for circuits of several hops, CREATE_FAST for one-hop directory circuits.
/// Called by `circuit` (relay side) and `origin` (client side). ntor is computed by workers through [OnionSkins],
/// never on a loop; CREATE_FAST is two digests and is answered at once.
/// Obeys tor-spec "CREATE and CREATED cells", "The ntor handshake" and "CREATE_FAST/CREATED_FAST cells".
@NullMarked
package sallyport.engine.onionskin;

import org.jspecify.annotations.NullMarked;
