package sallyport.engine.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import javax.net.ssl.SSLException;
import sallyport.engine.identity.LinkCredentials;

/// TLS of one instance's links, both roles: one long-lived server and client context. Certificates are never checked
/// here; the CERTS cell decides who the peer is (tor-spec "CERTS cells"). Sessions are never resumed.
interface LinkTls {
    /// A session of an accepted link. Presents the credentials that are current during its TLS handshake.
    Session accept(ByteBufAllocator allocator);

    /// A session of a dialed link.
    /// @param serverName what the server-name extension says
    Session dial(ByteBufAllocator allocator, String serverName);

    /// Frees the contexts. Sessions that still live keep what they need.
    void close();

    /// TLS of one link. Ends with [#end] on the loop, whether or not its handshake succeeded.
    interface Session {
        /// Goes into the pipeline once; it fires Netty's handshake-completion event.
        ChannelHandler handler();

        /// The DER of the responder's certificate: ours when accepted, else the peer's. After the TLS handshake.
        byte[] responderCertificate() throws SSLException;

        /// What we presented, with the certificates that go with it. Accepted links, after the TLS handshake.
        LinkCredentials presented() throws SSLException;

        /// RFC 5705 keying material of this session. After the TLS handshake, before [#end].
        byte[] export(String label, byte[] context, int length) throws SSLException;

        /// Wipes the secrets kept for [#export]. Harmless when repeated.
        void end();
    }
}
