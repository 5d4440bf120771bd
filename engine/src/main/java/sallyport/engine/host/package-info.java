/// All relays of the process: loops, the one directory fetcher, the set of instances.
/// Called by the supervisor, from control tasks; the only door into the engine besides plain records.
/// Obeys no Tor section of its own.
@NullMarked
package sallyport.engine.host;

import org.jspecify.annotations.NullMarked;
