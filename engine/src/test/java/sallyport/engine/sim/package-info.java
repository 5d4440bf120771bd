/// Simulation: whole relays, their clients and servers in one thread, where time, chance and the network follow a seed.
/// `SimulationTest` runs thousands of seeds; a failure is replayed by `-Dseed` (docs/decisions/0006-simulation.md).
/// Knows every room of the engine; nothing of the engine knows it.
@NullMarked
package sallyport.engine.sim;

import org.jspecify.annotations.NullMarked;
