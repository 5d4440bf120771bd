/// What onion services need of a relay: introduction points, where clients leave a message for a service, and
/// rendezvous points, where the circuits of a client and a service are joined.
/// Called by `circuit` with the messages of circuits that end here, on the instance's loop.
/// Obeys rend-spec-v3 "The introduction protocol" and "The rendezvous protocol".
@NullMarked
package sallyport.engine.onionservice;

import org.jspecify.annotations.NullMarked;
