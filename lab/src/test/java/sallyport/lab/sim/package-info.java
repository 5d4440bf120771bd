/// The life of whole networks under seeds: the embedded authorities and the relays of several machines, in one thread
/// and in virtual time, on the engine's simulation (docs/decisions/0006-simulation.md).
@NullMarked
package sallyport.lab.sim;

import org.jspecify.annotations.NullMarked;
