package sallyport.engine.link;

import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import sallyport.engine.identity.LinkCredentials;

/// What the sessions of both engines have in common.
abstract class EngineSession implements LinkTls.Session {
    private final SSLEngine engine;
    private final LinkKeyManager keys;
    private final SslHandler handler;

    EngineSession(SSLEngine engine, LinkKeyManager keys) {
        this.engine = engine;
        this.keys = keys;
        this.handler = new SslHandler(engine);
        // The link has its own limit for everything before it is open.
        handler.setHandshakeTimeoutMillis(0);
        // One write is one record; merging writes would only cut full records elsewhere.
        handler.setWrapDataSize(0);
    }

    @Override
    public final SslHandler handler() {
        return handler;
    }

    final SSLEngine engine() {
        return engine;
    }

    @Override
    public byte[] responderCertificate() throws SSLException {
        return TlsCertificates.responders(engine);
    }

    @Override
    public final LinkCredentials presented() throws SSLException {
        return TlsCertificates.presented(engine, keys);
    }
}
