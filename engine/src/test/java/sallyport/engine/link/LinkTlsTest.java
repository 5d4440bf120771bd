package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.identity.LinkCredentials;

/// The two engines against each other. They share no code of ours for the exporter, so equal bytes mean right bytes.
final class LinkTlsTest {
    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final String LABEL = Authenticate.EXPORTER_LABEL;

    private static LinkTls tls(String engine, String... protocols) throws Exception {
        return engine.equals("native")
                ? new TcnativeTls(TestRelay.ALICE::credentials, protocols)
                : new JdkTls(TestRelay.ALICE::credentials, protocols);
    }

    private static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (String server : List.of("native", "jdk")) {
            for (String client : List.of("native", "jdk")) {
                for (String protocol : TlsParameters.PROTOCOLS) {
                    pairs.add(Arguments.of(server, client, protocol));
                }
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothSidesExportTheSame(String serverEngine, String clientEngine, String protocol) throws Exception {
        LinkTls accepting = tls(serverEngine, protocol);
        LinkTls dialing = tls(clientEngine, protocol);
        EngineSession server = (EngineSession) accepting.accept(ALLOCATOR);
        EngineSession client = (EngineSession) dialing.dial(ALLOCATOR, "www.example.com");
        try {
            TlsPump.handshake(server.engine(), client.engine());
            byte[] context = new byte[32];
            new SecureRandom().nextBytes(context);

            assertThat(client.engine().getSession().getProtocol()).isEqualTo(protocol);
            assertThat(server.export(LABEL, context, 32)).isEqualTo(client.export(LABEL, context, 32));
            assertThat(server.export(LABEL, context, 77)).isEqualTo(client.export(LABEL, context, 77));
            assertThat(server.export(LABEL, context, 32)).isNotEqualTo(client.export(LABEL, new byte[32], 32));
            assertThat(server.export("EXPORTER x", context, 32)).isNotEqualTo(client.export(LABEL, context, 32));
            assertThat(client.responderCertificate())
                    .isEqualTo(TestRelay.ALICE.credentials().tlsCertificateDer());
            assertThat(server.responderCertificate()).isEqualTo(client.responderCertificate());
            assertThat(server.presented()).isSameAs(TestRelay.ALICE.credentials());
        } finally {
            end(server, client);
            accepting.close();
            dialing.close();
        }
    }

    @Test
    void aNewLinkKeyIsShownByTheNextHandshakeOfTheSameContext() throws Exception {
        AtomicReference<LinkCredentials> current = new AtomicReference<>(TestRelay.ALICE.credentials());
        for (LinkTls tls : List.of(new TcnativeTls(current::get, "TLSv1.3"), new JdkTls(current::get, "TLSv1.3"))) {
            List<LinkCredentials> shown = new ArrayList<>();
            List<LinkCredentials> expected = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                LinkCredentials next = withAlias(i % 2 == 0 ? TestRelay.BOB : TestRelay.CAROL, "key " + i);
                current.set(next);
                expected.add(next);
                EngineSession server = (EngineSession) tls.accept(ALLOCATOR);
                EngineSession client = (EngineSession) tls.dial(ALLOCATOR, "www.example.com");
                TlsPump.handshake(server.engine(), client.engine());
                assertThat(client.responderCertificate()).isEqualTo(next.tlsCertificateDer());
                shown.add(server.presented());
                end(server, client);
            }
            assertThat(shown).containsExactlyElementsOf(expected);
            tls.close();
        }
    }

    @Test
    void exporterSecretsAreForgottenWithTheSession() throws Exception {
        TcnativeTls tls = new TcnativeTls(TestRelay.ALICE::credentials, "TLSv1.3");
        EngineSession server = (EngineSession) tls.accept(ALLOCATOR);
        EngineSession client = (EngineSession) tls.dial(ALLOCATOR, "www.example.com");
        TlsPump.handshake(server.engine(), client.engine());
        assertThat(tls.handshaking()).isEqualTo(2);

        end(server, client);

        assertThat(tls.handshaking()).isZero();
        assertThatThrownBy(() -> server.export(LABEL, new byte[32], 32)).isInstanceOf(SSLException.class);
        tls.close();
    }

    @Test
    void probeFindsTheNativeEngineInWorkingOrder() throws Exception {
        for (String protocol : TlsParameters.PROTOCOLS) {
            TcnativeTls tcnative = new TcnativeTls(TestRelay.ALICE::credentials, protocol);
            JdkTls jdk = new JdkTls(TestRelay.ALICE::credentials, protocol);
            TlsChoice.agree(tcnative, jdk);
            TlsChoice.agree(jdk, tcnative);
            tcnative.close();
        }
    }

    private static LinkCredentials withAlias(TestRelay relay, String alias) {
        LinkCredentials c = relay.credentials();
        return new LinkCredentials(
                alias,
                c.tlsKey(),
                c.tlsCertificateDer(),
                c.idCertificateDer(),
                c.signingCert(),
                c.linkCert(),
                c.authCert(),
                c.crossCert(),
                c.authSecret());
    }

    private static void end(EngineSession... sessions) {
        for (EngineSession session : sessions) {
            session.end();
            session.engine().closeOutbound();
            ReferenceCountUtil.release(session.engine());
        }
    }
}
