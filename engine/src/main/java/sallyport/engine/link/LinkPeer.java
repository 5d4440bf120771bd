package sallyport.engine.link;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;

/// What the link handshake found out.
///
/// @param version the link version both speak: 3, 4 or 5
/// @param identity who the peer proved to be; null for a peer that did not authenticate: a client
/// @param modulus of its RSA identity; null together with `identity`
/// @param canonical the peer claims the address that we see it at, or the consensus lists it there
/// @param namedOurAddress the peer reached us at an address that we publish
record LinkPeer(
        int version,
        @Nullable PeerIdentity identity,
        @Nullable BigInteger modulus,
        boolean canonical,
        boolean namedOurAddress) {}
