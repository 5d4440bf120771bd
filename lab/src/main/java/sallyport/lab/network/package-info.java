/// A private Tor network of C tor on loopback: authorities, relays, exits and clients in one temporary directory.
/// Called by interop tests, benchmarks and the demo.
/// Obeys tor(1) "TESTING NETWORK OPTIONS" and "DIRECTORY AUTHORITY SERVER OPTIONS".
@NullMarked
package sallyport.lab.network;

import org.jspecify.annotations.NullMarked;
