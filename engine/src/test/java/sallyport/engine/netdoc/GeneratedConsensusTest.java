package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.GeneratedNetwork.Relay;
import sallyport.engine.netdoc.Refused.Reason;

/// Consensuses that no honest authority would send, signed by keys of the test.
class GeneratedConsensusTest {
    private static final GeneratedNetwork NETWORK = new GeneratedNetwork(3);

    private static byte[] consensus(Flavor flavor, UnaryOperator<String> change, int... by) {
        List<Relay> relays = GeneratedNetwork.relays(10, flavor, new Random(1));
        return NETWORK.consensus(flavor, GeneratedNetwork.START, relays, change, by);
    }

    private static Consensus verify(byte[] text, int... certified) throws Exception {
        return UnverifiedConsensus.parse(text).verify(NETWORK.trust(certified), GeneratedNetwork.START);
    }

    @ParameterizedTest
    @EnumSource(Flavor.class)
    void twoOfThreeSuffice(Flavor flavor) throws Exception {
        Consensus consensus = verify(consensus(flavor, text -> text, 0, 2), 0, 1, 2);

        assertThat(consensus.relays()).hasSize(10);
        assertThat(consensus.parameters().get("a", -100, 100, 0)).isEqualTo(-7);
        assertThat(consensus.parameters().get("b", 0, 1000, 5)).isEqualTo(1000);
        assertThat(consensus.parameters().get("c", 10, 20, 15)).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Flavor.class)
    void oneAuthoritySigningTwiceIsStillOne(Flavor flavor) {
        assertRefused(consensus(flavor, text -> text, 1, 1), Reason.TOO_FEW_SIGNATURES);
    }

    /// Whose digest we do not make is no signature; its length is nobody's business.
    @ParameterizedTest
    @ValueSource(strings = {"sha512", "sha3-256", "sha1 sha256", "none", "SHA256"})
    void signaturesOverAnotherDigestDoNotCount(String algorithm) {
        String signed = new String(consensus(Flavor.MICRODESC, text -> text, 0, 1, 2), StandardCharsets.US_ASCII);
        byte[] other = signed.replace("directory-signature sha256", "directory-signature " + algorithm)
                .getBytes(StandardCharsets.US_ASCII);

        assertThatException().isThrownBy(() -> verify(other, 0, 1, 2)).isInstanceOfAny(Malformed.class, Refused.class);
    }

    @Test
    void signaturesOfAnotherDocumentDoNotCount() {
        byte[] signed = consensus(Flavor.NS, text -> text, 0, 1, 2);
        String other = new String(signed, StandardCharsets.US_ASCII).replace("relay3 ", "relay4 ");

        assertRefused(other.getBytes(StandardCharsets.US_ASCII), Reason.TOO_FEW_SIGNATURES);
    }

    @Test
    void aCertificateThatTheIdentityDidNotSignIsRefused() throws Exception {
        for (boolean cross : new boolean[] {false, true}) {
            Unverified<AuthorityCertificate> one = AuthorityCertificate.parseAll(NETWORK.falseCertificate(0, cross))
                    .getFirst();
            DirectoryTrust trust = NETWORK.trust();
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> one.verify(trust, GeneratedNetwork.START))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BAD_SIGNATURE));
        }
    }

    @Test
    void certificatesThatExpireTakeTheirSignaturesWithThem() throws Exception {
        List<Relay> relays = GeneratedNetwork.relays(3, Flavor.NS, new Random(1));
        byte[] text = NETWORK.consensus(Flavor.NS, GeneratedNetwork.START.plus(Duration.ofDays(61)), relays, 0, 1, 2);
        UnverifiedConsensus late = UnverifiedConsensus.parse(text);
        DirectoryTrust trust = NETWORK.trust(0, 1, 2);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> late.verify(trust, late.validAfter()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_FEW_SIGNATURES));
    }

    /// What a majority signed must still be well-formed.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s Exit Running Valid | x Exit",
                "pr Link=1-5 | x Link=1-5",
                "r relay1 | r relay_1",
                "10.0.0.1 | 10.0.0.256",
                "10.0.0.1 1001 | 10.0.0.1 65536",
                "w Bandwidth=10 | w Bandwidth=x",
                "directory-footer | s Exit"
            })
    void signedNonsenseIsMalformed(String good, String bad) {
        byte[] text = consensus(Flavor.NS, signed -> signed.replace(good, bad), 0, 1, 2);

        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> verify(text, 0, 1, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "params a=-7 b=2147483647 c=3 | params b=1 a=2",
                "params a=-7 b=2147483647 c=3 | params a=1 a=2",
                "params a=-7 b=2147483647 c=3 | params a=2147483648",
                "params a=-7 b=2147483647 c=3 | params a",
                "vote-status consensus | vote-status vote",
                "network-status-version 3 | network-status-version 4",
                "network-status-version 3 | network-status-version 3 other",
                "valid-after 2030-05-01 12:00:00 | valid-after 2030-05-01 12:00",
                "valid-after 2030-05-01 12:00:00 | valid-after 2030-13-01 12:00:00",
                "voting-delay 300 300 | voting-delay 300",
                "known-flags Exit Running Valid | known-flagz"
            })
    void nonsenseInTheHeaderIsMalformed(String good, String bad) {
        byte[] text = consensus(Flavor.NS, signed -> signed.replace(good, bad), 0, 1, 2);

        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> UnverifiedConsensus.parse(text));
    }

    @Test
    void relaysMustBeSortedAndUnique() {
        List<Relay> relays = new ArrayList<>(GeneratedNetwork.relays(3, Flavor.NS, new Random(1)));
        relays.add(relays.getLast());
        byte[] twice = NETWORK.consensus(Flavor.NS, GeneratedNetwork.START, relays, 0, 1, 2);
        byte[] backward = NETWORK.consensus(
                Flavor.NS, GeneratedNetwork.START, relays.subList(0, 3).reversed(), 0, 1, 2);

        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> verify(twice, 0, 1, 2));
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> verify(backward, 0, 1, 2));
    }

    @Test
    void aConsensusWithoutRelaysIsOne() throws Exception {
        byte[] text = NETWORK.consensus(Flavor.NS, GeneratedNetwork.START, List.of(), 0, 1);

        assertThat(verify(text, 0, 1).relays()).isEmpty();
    }

    private static void assertRefused(byte[] text, Reason reason) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> verify(text, 0, 1, 2))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
