package sallyport.engine.link;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import sallyport.engine.identity.LinkCredentials;

/// Names the current link key to a long-lived TLS context, by its alias. Keys of a few aliases back are still known,
/// for handshakes that began with them. Used on the loop, except that the JDK may ask from a thread of its own: hence
/// the lock.
final class LinkKeyManager extends X509ExtendedKeyManager {
    // Ours: link keys change every two hours and a handshake lasts a minute, so two would do. It has to be less than
    // what the native engine caches, which drops only keys that are unknown here.
    static final int ALIASES_KEPT = 3;

    private record Entry(LinkCredentials credentials, X509Certificate certificate) {}

    private final Supplier<LinkCredentials> current;
    private final ArrayDeque<Entry> known = new ArrayDeque<>();

    LinkKeyManager(Supplier<LinkCredentials> current) {
        this.current = current;
    }

    /// The credentials whose TLS certificate has this DER; null when they are unknown or long gone.
    synchronized @Nullable LinkCredentials byCertificate(byte[] der) {
        for (Entry entry : known.reversed()) {
            if (Arrays.equals(entry.credentials().tlsCertificateDer(), der)) {
                return entry.credentials();
            }
        }
        return null;
    }

    @Override
    public synchronized @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        if (!keyType.equals("RSA")) {
            return null;
        }
        LinkCredentials credentials = current.get();
        if (known.isEmpty() || !known.getLast().credentials().alias().equals(credentials.alias())) {
            known.addLast(new Entry(credentials, certificate(credentials.tlsCertificateDer())));
            if (known.size() > ALIASES_KEPT) {
                known.removeFirst();
            }
        }
        return credentials.alias();
    }

    @Override
    public synchronized X509Certificate @Nullable [] getCertificateChain(String alias) {
        Entry entry = byAlias(alias);
        return entry == null ? null : new X509Certificate[] {entry.certificate()};
    }

    @Override
    public synchronized @Nullable PrivateKey getPrivateKey(String alias) {
        Entry entry = byAlias(alias);
        return entry == null ? null : entry.credentials().tlsKey();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    // A relay shows no certificate as TLS client: C tor's servers never ask for one.
    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    private @Nullable Entry byAlias(String alias) {
        for (Entry entry : known) {
            if (entry.credentials().alias().equals(alias)) {
                return entry;
            }
        }
        return null;
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalStateException("our own link certificate", e);
        }
    }
}
