/// What applying a configuration would do to the fleet, and what follows from it, before anything is done.
/// Called by `launch` for `plan` and `apply`; compares, and looks at limits of the machine, changes nothing.
/// Obeys no Tor section.
@NullMarked
package sallyport.supervisor.plan;

import org.jspecify.annotations.NullMarked;
