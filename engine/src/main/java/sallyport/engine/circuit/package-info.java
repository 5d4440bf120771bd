/// The circuits through one relay: made of CREATE cells, extended, relayed in both directions, truncated, destroyed;
/// and the end of those that stop here, where messages become streams.
/// Called by `link` with cells, on the instance's loop; wired by `instance`.
/// Obeys tor-spec "Circuit management", "Routing relay cells", "Tearing down circuits" and "Circuit-level flow
/// control"; padding-spec "Circuit-level padding".
@NullMarked
package sallyport.engine.circuit;

import org.jspecify.annotations.NullMarked;
