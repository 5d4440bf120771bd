package sallyport.engine.link;

import io.netty.buffer.ByteBufAllocator;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import sallyport.engine.identity.LinkCredentials;

/// TLS by the JDK's engine, which has the exporter of RFC 5705 since Java 25. Twice the CPU of [TcnativeTls]; used
/// where that one is missing.
final class JdkTls implements LinkTls {
    // The JDK sends no session ticket when sessions would outlive the seven days that RFC 8446 allows a ticket.
    private static final int NO_TICKETS_TIMEOUT_SECONDS = 7 * 86_400 + 1;

    private final LinkKeyManager keys;
    private final SSLContext server;
    private final SSLContext client;
    private final String[] protocols;
    private final String[] serverSuites;
    private final String[] clientSuites;

    /// @param protocols TLS versions to offer, as the JDK names them
    JdkTls(Supplier<LinkCredentials> credentials, String... protocols) {
        this.keys = new LinkKeyManager(credentials);
        this.server = context(keys);
        this.client = context();
        this.protocols = protocols;
        this.serverSuites = supported(TlsParameters.SERVER_TLS12_SUITES);
        this.clientSuites = supported(TlsParameters.CLIENT_TLS12_SUITES);
    }

    @Override
    public Session accept(ByteBufAllocator allocator) {
        SSLEngine engine = server.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine, serverSuites);
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return new JdkSession(engine, keys);
    }

    @Override
    public Session dial(ByteBufAllocator allocator, String serverName) {
        SSLEngine engine = client.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine, clientSuites);
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        engine.setSSLParameters(parameters);
        return new JdkSession(engine, keys);
    }

    @Override
    public void close() {}

    private SSLParameters parameters(SSLEngine engine, String[] suites) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        parameters.setCipherSuites(suites);
        parameters.setNamedGroups(TlsParameters.JDK_GROUPS);
        return parameters;
    }

    private static SSLContext context(KeyManager... keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new TrustEveryone()}, null);
            context.getServerSessionContext().setSessionTimeout(NO_TICKETS_TIMEOUT_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS of the JDK", e);
        }
    }

    private String[] supported(List<String> tls12Suites) {
        Set<String> known = Set.of(server.getSupportedSSLParameters().getCipherSuites());
        List<String> suites = new ArrayList<>(TlsParameters.TLS13_SUITES);
        suites.addAll(tls12Suites);
        suites.retainAll(known);
        return suites.toArray(new String[0]);
    }

    private static final class JdkSession extends EngineSession {
        JdkSession(SSLEngine engine, LinkKeyManager keys) {
            super(engine, keys);
        }

        @Override
        public byte[] responderCertificate() throws SSLException {
            // Nothing of this session is to be found by a later one.
            engine().getSession().invalidate();
            return super.responderCertificate();
        }

        @Override
        public byte[] export(String label, byte[] context, int length) throws SSLException {
            return ((ExtendedSSLSession) engine().getSession()).exportKeyingMaterialData(label, context, length);
        }

        @Override
        public void end() {}
    }
}
