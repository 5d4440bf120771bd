/// The little client inside: circuits we open ourselves, to learn whether others can reach our ORPort, and
/// to speak to directory authorities without a DirPort. Called by `instance` from the instance's loop, and
/// by `directory` from any thread; dials through `link` like any extending circuit. Obeys tor-spec
/// "Setting circuit keys" and "Extending circuits", seen from the client's side.
@NullMarked
package sallyport.engine.origin;

import org.jspecify.annotations.NullMarked;
