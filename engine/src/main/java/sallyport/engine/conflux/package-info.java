/// Conflux: several circuits of one client that end here and carry its streams together. Which leg the
/// next message takes, and the order in which those that come are handed on. Called by `circuit`, whose
/// circuits are the legs; runs on the loop on which all of them live. Obeys proposal 329, the exit's
/// side.
@NullMarked
package sallyport.engine.conflux;

import org.jspecify.annotations.NullMarked;
