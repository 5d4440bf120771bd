package sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.PeerCertificates;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

/// The keys of one relay on a disk and at a time of the test.
abstract class KeysOnDisk {
    static final String KEYS = "relays/r1/keys";
    static final String MASTER_SECRET = KEYS + "/ed25519_master_id_secret_key";
    static final String MASTER_PUBLIC = KEYS + "/ed25519_master_id_public_key";
    static final String SIGNING_SECRET = KEYS + "/ed25519_signing_secret_key";
    static final String SIGNING_CERT = KEYS + "/ed25519_signing_cert";
    static final String NTOR = KEYS + "/secret_onion_key_ntor";

    final MemoryStorage storage = new MemoryStorage();
    final SettableClock clock = new SettableClock();
    int seed = 1;

    void assertProves(LinkCredentials link, RelayIdentity identity) throws Malformed {
        Map<Integer, byte[]> set = new HashMap<>(Map.of(
                2, link.idCertificateDer(),
                4, link.signingCert(),
                5, link.linkCert(),
                6, link.authCert(),
                7, link.crossCert()));
        PeerIdentity asResponder = PeerCertificates.verify(set, link.tlsCertificateDer(), true, clock.instant());
        PeerIdentity asInitiator = PeerCertificates.verify(set, new byte[0], false, clock.instant());
        assertThat(asResponder.rsaDigest()).isEqualTo(identity.rsaDigest());
        assertThat(asResponder.ed25519()).isEqualTo(identity.ed25519());
        assertThat(asInitiator.authKey()).isEqualTo(Ed25519.publicKey(link.authSecret()));
    }

    static void assertSame(Map<String, byte[]> before, Map<String, byte[]> after) {
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, content) -> assertThat(after.get(name)).as(name).isEqualTo(content));
    }

    String text(String file) {
        return new String(storage.content().get(KEYS + "/" + file), StandardCharsets.US_ASCII);
    }

    RelayKeys open() throws Exception {
        return RelayKeys.open(storage, KEYS, new SeededEntropy(seed++), clock, 1024);
    }
}
