package sallyport.engine.circuit;

import org.jspecify.annotations.Nullable;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.link.Link;
import sallyport.engine.stream.PreviousHop;

/// The link of a circuit's previous hop, as its streams ask for it.
record PreviousLink(Link link) implements PreviousHop {
    @Override
    public boolean isClient() {
        return link.isClient();
    }

    @Override
    public byte @Nullable [] rsaDigest() {
        PeerIdentity peer = link.peer();
        return peer == null ? null : peer.rsaDigest();
    }

    @Override
    public ClientAddress address() {
        return link.peerAddress();
    }
}
