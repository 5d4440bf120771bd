/// What flows through the network: content with a known digest, the servers at its far end, the clients at its near
/// end.
/// Called by interop tests, benchmarks and the demo.
/// Obeys RFC 1928, RFC 1929 and tor's socks-extensions, HTTP/1.1 as far as curl uses it, RFC 1035.
@NullMarked
package sallyport.lab.traffic;

import org.jspecify.annotations.NullMarked;
