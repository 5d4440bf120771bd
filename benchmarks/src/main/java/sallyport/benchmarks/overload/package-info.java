/// What an attack on a few relays of a fleet does to the others. Run by hand; its figures stand in
/// `docs/overload.md`.
@NullMarked
package sallyport.benchmarks.overload;

import org.jspecify.annotations.NullMarked;
