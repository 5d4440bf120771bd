/// The first configuration of a fleet: what an operator has to decide, asked or told, and the commented
/// file it makes. Called by the verb `init`.
@NullMarked
package sallyport.supervisor.setup;

import org.jspecify.annotations.NullMarked;
