/// The SOCKS5 port of an embedded client: connections of applications become its streams, names are
/// resolved at the exit, and credentials isolate. Called by whoever runs a client; lives on the client's
/// event loop. Obeys RFC 1928 and 1929, and Tor's socks-extensions: RESOLVE (0xF0), RESOLVE_PTR (0xF1)
/// and isolation.
@NullMarked
package sallyport.lab.socks;

import org.jspecify.annotations.NullMarked;
