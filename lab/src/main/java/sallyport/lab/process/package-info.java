/// Processes the lab starts: held on a leash so that none outlives us, and our own JVM as one of them.
/// Called by `network`, by `demo` and by interop tests.
/// Obeys no Tor specification; it knows Linux (`/proc`, signals).
@NullMarked
package sallyport.lab.process;

import org.jspecify.annotations.NullMarked;
