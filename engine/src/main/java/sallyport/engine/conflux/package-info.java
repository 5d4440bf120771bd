/// Conflux: several circuits of one client that end at one exit and carry its streams together. Which leg
/// the next message takes, and the order in which those that come are handed on. Called by `circuit` for
/// the exit and by `origin` for the client, whose circuits are the legs; runs on the loop on which all of
/// them live. Obeys proposal 329.
@NullMarked
package sallyport.engine.conflux;

import org.jspecify.annotations.NullMarked;
