/// Resolving names for exits: a stub resolver with one cache per instance.
/// Called by `stream`, on the instance's loop; speaks to the configured resolvers and knows no circuits.
/// Obeys RFC 1035, tor-spec "Remote hostname lookup" for its kinds of failure, and C tor's defences: clipped and fuzzed
/// cache times, random case (0x20), random ports.
@NullMarked
package sallyport.engine.dns;

import org.jspecify.annotations.NullMarked;
