/// What onion services need of a relay: introduction points, where clients leave a message for a service, rendezvous
/// points, where the circuits of a client and a service are joined, and a directory of services' descriptors.
/// Called by `circuit` with the messages of circuits that end here and by `dirserver` with requests, on the instance's
/// loop.
/// Obeys rend-spec-v3 "The introduction protocol", "The rendezvous protocol" and "Publishing descriptors".
@NullMarked
package sallyport.engine.onionservice;

import org.jspecify.annotations.NullMarked;
