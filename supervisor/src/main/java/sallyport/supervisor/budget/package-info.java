/// What relays need of a machine, and what it gives a process: the figures that `plan` and `doctor`
/// compare. Called by both. Obeys no Tor section.
@NullMarked
package sallyport.supervisor.budget;

import org.jspecify.annotations.NullMarked;
