/// The load generator: users who come whether or not those before them were served (open loop), what each
/// does, and how long it took them, from the moment they wanted to begin. Streams come from a
/// [StreamOpener]: the SOCKS port of any client, or clients of this process.
/// Called by the verb `load`, the demo and benchmarks. Everything of one [Load] runs on one event loop.
/// Obeys RFC 1928, RFC 1929 and tor's socks-extensions for RESOLVE.
@NullMarked
package sallyport.lab.load;

import org.jspecify.annotations.NullMarked;
