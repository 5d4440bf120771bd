/// Certificates: Tor's own Ed25519 certificates, the RSA cross-certificate, the X.509 certificates of links, and the
/// check of a whole CERTS set.
/// Called by identity (which makes ours), link (which checks the peer's), netdoc and directory.
/// Obeys cert-spec and tor-spec "CERTS cells".
@NullMarked
package sallyport.engine.cert;

import org.jspecify.annotations.NullMarked;
