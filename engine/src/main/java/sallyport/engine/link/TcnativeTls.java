package sallyport.engine.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.identity.LinkCredentials;

/// TLS by BoringSSL through Netty's tcnative. It has no call for the exporter; the value is derived from what it does
/// tell: the `EXPORTER_SECRET` line of the key log (TLS 1.3), master secret and randoms (TLS 1.2).
///
/// One loop uses an object of this class: the key log calls back inside the handshake, on that loop.
final class TcnativeTls implements LinkTls {
    private static final int CACHED_KEYS = LinkKeyManager.ALIASES_KEPT + 1;
    private static final int ANY_PORT = 443;

    private final LinkKeyManager keys;
    private final ReferenceCountedOpenSslContext server;
    private final ReferenceCountedOpenSslContext client;
    // By the address of the native session. Addresses are reused: a session removes only itself.
    private final LongObjectHashMap<TcnativeSession> handshaking = new LongObjectHashMap<>();

    /// @param protocols TLS versions to offer, as the JDK names them
    /// @throws SSLException when the library is missing or lacks something
    /// @throws ReflectiveOperationException when this Netty hides the context's handle
    TcnativeTls(Supplier<LinkCredentials> credentials, String... protocols)
            throws SSLException, ReflectiveOperationException {
        keys = new LinkKeyManager(credentials);
        SslContextBuilder serverBuilder = SslContextBuilder.forServer(
                new OpenSslCachingX509KeyManagerFactory(new KeyManagerFactoryWrapper(keys), CACHED_KEYS));
        server = context(serverBuilder, TlsParameters.SERVER_TLS12_SUITES, protocols);
        try {
            client = context(SslContextBuilder.forClient(), TlsParameters.CLIENT_TLS12_SUITES, protocols);
        } catch (SSLException | ReflectiveOperationException | RuntimeException e) {
            server.release();
            throw e;
        }
    }

    @Override
    public Session accept(ByteBufAllocator allocator) {
        return new TcnativeSession((ReferenceCountedOpenSslEngine) server.newEngine(allocator));
    }

    @Override
    public Session dial(ByteBufAllocator allocator, String serverName) {
        return new TcnativeSession((ReferenceCountedOpenSslEngine) client.newEngine(allocator, serverName, ANY_PORT));
    }

    @Override
    public void close() {
        server.release();
        client.release();
    }

    /// Sessions whose secret is still kept or awaited.
    int handshaking() {
        return handshaking.size();
    }

    private ReferenceCountedOpenSslContext context(
            SslContextBuilder builder, List<String> tls12Suites, String... protocols)
            throws SSLException, ReflectiveOperationException {
        List<String> suites = new ArrayList<>(TlsParameters.TLS13_SUITES);
        suites.addAll(tls12Suites);
        ReferenceCountedOpenSslContext context =
                (ReferenceCountedOpenSslContext) builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                        .protocols(protocols)
                        .ciphers(suites, SupportedCipherSuiteFilter.INSTANCE)
                        .option(OpenSslContextOption.GROUPS, TlsParameters.GROUPS)
                        .trustManager(new TrustEveryone())
                        // Netty checks host names of servers unless told not to.
                        .endpointIdentificationAlgorithm(null)
                        .build();
        try {
            long handle = TcnativeHandle.of(context);
            SSLContext.setOptions(handle, SSL.SSL_OP_NO_TICKET);
            if (!SSLContext.setKeyLogCallback(handle, this::onKeyLog)) {
                throw new SSLException("no key log");
            }
            ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
        } catch (SSLException | ReflectiveOperationException | RuntimeException e) {
            context.release();
            throw e;
        }
        return context;
    }

    /// Keeps the exporter's secret; every line, this one too, holds a secret and is wiped.
    private void onKeyLog(long address, byte[] line) {
        TcnativeSession session = handshaking.get(address);
        if (session != null) {
            byte[] secret = KeyLogLine.exporterSecret(line);
            if (secret != null) {
                session.exporterSecret = secret;
            }
        }
        Arrays.fill(line, (byte) 0);
    }

    private final class TcnativeSession extends EngineSession {
        private final long address;
        private byte @Nullable [] exporterSecret;

        TcnativeSession(ReferenceCountedOpenSslEngine engine) {
            super(engine, keys);
            this.address = engine.sslPointer();
            handshaking.put(address, this);
        }

        @Override
        public byte[] export(String label, byte[] context, int length) throws SSLException {
            if (exporterSecret != null) {
                return TlsExporter.tls13(exporterSecret, label, context, length);
            }
            if (!engine().getSession().getProtocol().equals("TLSv1.2") || !isAlive()) {
                throw new SSLException("no exporter secret");
            }
            byte[] masterSecret = SSL.getMasterKey(address);
            try {
                return TlsExporter.tls12(
                        engine().getSession().getCipherSuite().endsWith("SHA384"),
                        masterSecret,
                        SSL.getClientRandom(address),
                        SSL.getServerRandom(address),
                        label,
                        context,
                        length);
            } finally {
                Arrays.fill(masterSecret, (byte) 0);
            }
        }

        private boolean isAlive() {
            return ((ReferenceCountedOpenSslEngine) engine()).sslPointer() == address;
        }

        @Override
        public void end() {
            if (handshaking.get(address) == this) {
                handshaking.remove(address);
            }
            if (exporterSecret != null) {
                Arrays.fill(exporterSecret, (byte) 0);
                exporterSecret = null;
            }
        }
    }
}
