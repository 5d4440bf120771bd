/// Desired versus running: what a changed configuration means for the relays that run, and doing it.
/// Called by `launch`, from its one control thread; moves the engine through [Relays].
/// Obeys no Tor section.
@NullMarked
package sallyport.supervisor.fleet;

import org.jspecify.annotations.NullMarked;
