/// The client inside: circuits we open ourselves, to learn whether others can reach our ORPort, to speak
/// to directory authorities without a DirPort, and with streams through an exit. Called by `instance`
/// from the instance's loop, by `directory` from any thread, and by the lab's client from its loop; dials
/// through `link` like any extending circuit. Obeys tor-spec "Setting circuit keys", "Extending circuits"
/// and "Flow control", seen from the client's side.
@NullMarked
package sallyport.engine.origin;

import org.jspecify.annotations.NullMarked;
