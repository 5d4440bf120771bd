/// The little client inside: circuits we open ourselves, so far to learn whether others can reach our ORPort.
/// Called by `instance` from the instance's loop; dials through `link` like any extending circuit.
/// Obeys tor-spec "Setting circuit keys" and "Extending circuits", seen from the client's side.
@NullMarked
package sallyport.engine.origin;

import org.jspecify.annotations.NullMarked;
