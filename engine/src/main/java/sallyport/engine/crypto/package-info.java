/// Primitives without Tor meaning: AES, POLYVAL, SHA-1/2/3, HMAC, HKDF, Curve25519, Ed25519 from expanded secrets, RSA.
/// Called by the rooms that give them meaning; no Netty, no clock; randomness arrives as bytes.
/// Each is tested against the vectors of its own standard (RFC 7748, RFC 8032, RFC 5869, RFC 8452, FIPS 180).
@NullMarked
package sallyport.engine.crypto;

import org.jspecify.annotations.NullMarked;
