/// What an attack on a few relays of a fleet does to the others.
/// Run by hand, on a machine that does nothing else.
@NullMarked
package sallyport.benchmarks.overload;

import org.jspecify.annotations.NullMarked;
