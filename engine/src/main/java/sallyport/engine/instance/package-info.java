/// One relay of ours, wired from an `InstanceSpec`: keys, links, circuits, resolver, descriptor, self-test; and its
/// life as a state.
/// Called by `host`; it wires and decides nothing about cells.
/// Obeys tor-spec and dir-spec through the rooms it wires.
@NullMarked
package sallyport.engine.instance;

import org.jspecify.annotations.NullMarked;
