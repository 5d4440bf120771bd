package sallyport.engine.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Log;

/// Chooses the TLS engine, once per process: the native one if it is there and agrees with the JDK's in both roles
/// and both TLS versions, exporter included; else the JDK's. A host without it is slower, never different.
final class TlsChoice {
    private static final String TEST_NAME = "www.example.com";
    private static final byte[] TEST_CONTEXT = new byte[32];

    private static @Nullable Boolean nativeWorks;

    private TlsChoice() {}

    static LinkTls open(LinkSettings settings, Log log) {
        if (nativeWorks(settings, log)) {
            try {
                return new TcnativeTls(settings.credentials(), TlsParameters.PROTOCOLS);
            } catch (SSLException | ReflectiveOperationException e) {
                throw new IllegalStateException("TLS worked a moment ago", e);
            }
        }
        return new JdkTls(settings.credentials(), TlsParameters.PROTOCOLS);
    }

    private static synchronized boolean nativeWorks(LinkSettings settings, Log log) {
        if (nativeWorks == null) {
            String problem = OpenSsl.isAvailable() ? probe(settings) : "library missing";
            nativeWorks = problem == null;
            log.info(
                    "",
                    problem == null
                            ? "links use the native TLS engine (" + OpenSsl.versionString() + ")"
                            : "links use the TLS engine of the JDK: " + problem);
        }
        return nativeWorks;
    }

    private static @Nullable String probe(LinkSettings settings) {
        for (String protocol : TlsParameters.PROTOCOLS) {
            try {
                TcnativeTls tcnative = new TcnativeTls(settings.credentials(), protocol);
                try {
                    JdkTls jdk = new JdkTls(settings.credentials(), protocol);
                    agree(tcnative, jdk);
                    agree(jdk, tcnative);
                } finally {
                    tcnative.close();
                }
            } catch (SSLException | ReflectiveOperationException | RuntimeException e) {
                return "self-test with " + protocol + ": " + e;
            }
        }
        return null;
    }

    /// A handshake in memory; both must show the same certificate and export the same bytes.
    static void agree(LinkTls accepting, LinkTls dialing) throws SSLException {
        ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
        EngineSession server = (EngineSession) accepting.accept(allocator);
        EngineSession client = (EngineSession) dialing.dial(allocator, TEST_NAME);
        try {
            TlsPump.handshake(server.engine(), client.engine());
            String label = Authenticate.EXPORTER_LABEL;
            if (!Arrays.equals(server.export(label, TEST_CONTEXT, 32), client.export(label, TEST_CONTEXT, 32))) {
                throw new SSLException("exporters differ");
            }
            if (!Arrays.equals(server.responderCertificate(), client.responderCertificate())) {
                throw new SSLException("certificates differ");
            }
        } finally {
            server.end();
            client.end();
            ReferenceCountUtil.release(server.engine());
            ReferenceCountUtil.release(client.engine());
        }
    }
}
