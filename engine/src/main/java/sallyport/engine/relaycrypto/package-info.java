/// One hop's layer of relay-cell encryption, on the relay's side and on the client's.
/// Called by `circuit` (relay side) and `origin` (client side), on the circuit's loop; knows nothing of links or
/// streams. A cell is worked on in place and stays its holder's.
/// Obeys tor-spec "Routing relay cells" and "Relay cells" ([Tor1Layer]), and proposal 359 ([CgoLayer]).
@NullMarked
package sallyport.engine.relaycrypto;

import org.jspecify.annotations.NullMarked;
