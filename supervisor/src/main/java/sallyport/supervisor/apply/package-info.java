/// What was applied, by whom and why, and applying the next state so that nothing is lost whenever it is cut short.
/// Called by `launch` for its verbs and by `run`, which runs the last state; writes the lock file and below `applied/`.
/// Obeys no Tor section.
@NullMarked
package sallyport.supervisor.apply;

import org.jspecify.annotations.NullMarked;
