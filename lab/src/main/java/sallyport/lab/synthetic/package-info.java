/// Relays that exist in directories alone: their descriptors are validly signed, and nobody listens at their addresses.
/// They make the consensus of a private network as long as the public one's. Called by the `network` verb, tests and
/// benchmarks.
/// Obeys dir-spec "Server descriptor format".
@NullMarked
package sallyport.lab.synthetic;

import org.jspecify.annotations.NullMarked;
