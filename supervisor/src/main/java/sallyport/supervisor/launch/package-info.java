/// `main`: the verbs of the command line, signals, the lock on the data directory, the log on stderr.
/// Called by the JVM; other modules add verbs as services ([Verb]).
/// Obeys no Tor section.
@NullMarked
package sallyport.supervisor.launch;

import org.jspecify.annotations.NullMarked;
