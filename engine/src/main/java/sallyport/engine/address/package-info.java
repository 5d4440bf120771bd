/// Addresses by what they may reveal: a relay's own or published address may be shown, a client's never.
/// Called by every room; holds no sockets.
/// `ClientAddress` and `Destination` refuse to print themselves (tor-spec has no section for that: privacy is the
/// product).
@NullMarked
package sallyport.engine.address;

import org.jspecify.annotations.NullMarked;
